import { networkCreateRequest } from '../../../orchestrator/api/request/network-create.ts';
import { networkConnect, networkDisconnect } from '../bodies/container.ts';
import { registryAuth } from '../bodies/registry-auth.ts';
import { volumeCreate } from '../bodies/volume.ts';
import { notAllowed } from '../refusal.ts';
import { checkLabels } from '../rules/labels.ts';
import { checkNetworkCreate } from '../rules/network-create.ts';
import { checkVolumeName, checkVolumeOptions } from '../rules/volumes.ts';
import { type Endpoint, FILTERS, get, NO_BODY, post, refused, remove } from './endpoint.ts';
import { json } from './json-body.ts';

const volume = json(volumeCreate, (body) => {
  checkLabels(body.Labels);
  checkVolumeOptions(body.DriverOpts);
  checkVolumeName(body.Name ?? '');
  if (body.ClusterVolumeSpec !== undefined) throw refuseClusterVolume();
});

function refuseClusterVolume(): Error {
  return notAllowed('a cluster volume', 'nodes have the driver "local" only');
}

function refusePlugin(): Error {
  return notAllowed(
    'managing plugins',
    'a plugin would run with the rights of the node; nodes have the ones they come with',
  );
}

/** What belongs to the engine as a whole, its volumes, networks and plugins. */
export const systemEndpoints: Endpoint[] = [
  { methods: ['GET', 'HEAD'], pattern: '/_ping', query: {}, body: NO_BODY },
  get('/version'),
  get('/info'),
  get('/events', { since: 'text', until: 'text', ...FILTERS }),
  get('/system/df', { type: 'list' }),
  post('/auth', {}, json(registryAuth)),
  get('/volumes', FILTERS),
  post('/volumes/create', {}, volume),
  post('/volumes/prune', FILTERS),
  get('/volumes/{name}'),
  refused(['PUT'], '/volumes/{name}', refuseClusterVolume),
  remove('/volumes/{name}', { force: 'text' }),
  get('/networks', FILTERS),
  get('/networks/', FILTERS),
  post('/networks/create', {}, json(networkCreateRequest, checkNetworkCreate)),
  post('/networks/prune', FILTERS),
  get('/networks/{id*}', { verbose: 'text', scope: 'text' }),
  post('/networks/{id}/connect', {}, json(networkConnect)),
  post('/networks/{id}/disconnect', {}, json(networkDisconnect)),
  remove('/networks/{id*}'),
  get('/plugins', FILTERS),
  get('/plugins/{name*}/json'),
  refused(['GET', 'POST', 'DELETE', 'PUT'], '/plugins/{name*}', refusePlugin),
];
