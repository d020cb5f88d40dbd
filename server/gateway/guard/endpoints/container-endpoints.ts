import { containerConfig, containerCreate, execCreate, execStart } from '../bodies/container.ts';
import { containerUpdate } from '../bodies/host-config.ts';
import { notAllowed } from '../refusal.ts';
import { checkHostConfig, checkResources } from '../rules/host-config.ts';
import { checkLabels } from '../rules/labels.ts';
import { type Endpoint, FILTERS, get, NO_BODY, post, refused, remove, TAR } from './endpoint.ts';
import { json, overwrite } from './json-body.ts';

const create = json(containerCreate, (body, sent, { policy }) => {
  checkLabels(body.Labels);
  overwrite(sent, ['HostConfig'], checkHostConfig(body.HostConfig ?? {}, policy));
});

const exec = json(execCreate, (body) => {
  if (body.Privileged)
    throw notAllowed('exec --privileged', 'a process gets the rights of its container; leave it out');
});

const refuseCheckpoint = () => notAllowed('a checkpoint', 'it is not needed for the exercises');

const size = { h: 'text', w: 'text' } as const;
const signal = { signal: 'text', t: 'text' } as const;

/** /containers, /exec and /commit. */
export const containerEndpoints: Endpoint[] = [
  get('/containers/json', {
    ...{ all: 'text', limit: 'text', size: 'text', since: 'text', before: 'text', ...FILTERS },
    // Means nothing to any engine of today, but docker-py still sends it.
    trunc_cmd: 'text',
  }),
  post('/containers/create', { name: 'text', platform: 'text' }, create),
  post('/containers/prune', FILTERS),
  get('/containers/{id}/json', { size: 'text' }),
  get('/containers/{id}/top', { ps_args: 'text' }),
  get('/containers/{id}/logs', {
    follow: 'text',
    stdout: 'text',
    stderr: 'text',
    since: 'text',
    until: 'text',
    timestamps: 'text',
    tail: 'text',
    details: 'text',
  }),
  get('/containers/{id}/changes'),
  get('/containers/{id}/export'),
  get('/containers/{id}/stats', { stream: 'text', 'one-shot': 'text' }),
  post('/containers/{id}/resize', size),
  post('/containers/{id}/start', { detachKeys: 'text' }),
  post('/containers/{id}/stop', signal),
  post('/containers/{id}/restart', signal),
  post('/containers/{id}/kill', { signal: 'text' }),
  post('/containers/{id}/update', {}, json(containerUpdate, checkResources)),
  post('/containers/{id}/rename', { name: 'text' }),
  post('/containers/{id}/pause'),
  post('/containers/{id}/unpause'),
  post('/containers/{id}/attach', {
    detachKeys: 'text',
    logs: 'text',
    stream: 'text',
    stdin: 'text',
    stdout: 'text',
    stderr: 'text',
  }),
  refused(['GET'], '/containers/{id}/attach/ws', () =>
    notAllowed('attaching over a WebSocket', 'docker attach does it over the same connection'),
  ),
  post('/containers/{id}/wait', { condition: 'text' }),
  remove('/containers/{id}', { v: 'text', force: 'text', link: 'text' }),
  { methods: ['GET', 'HEAD'], pattern: '/containers/{id}/archive', query: { path: 'text' }, body: NO_BODY },
  {
    methods: ['PUT'],
    pattern: '/containers/{id}/archive',
    query: { path: 'text', noOverwriteDirNonDir: 'text', copyUIDGID: 'text' },
    body: TAR,
  },
  post('/containers/{id}/exec', {}, exec),
  post('/exec/{id}/start', {}, json(execStart)),
  post('/exec/{id}/resize', size),
  get('/exec/{id}/json'),
  refused(['GET', 'POST'], '/containers/{id}/checkpoints', refuseCheckpoint),
  refused(['DELETE'], '/containers/{id}/checkpoints/{checkpoint}', refuseCheckpoint),
  post(
    '/commit',
    { container: 'text', repo: 'text', tag: 'text', comment: 'text', author: 'text', pause: 'text', changes: 'list' },
    json(containerConfig),
  ),
];
