import { nodeSpecRequest } from '../../../orchestrator/api/request/node-spec.ts';
import { configSpecRequest, secretSpecRequest } from '../../../orchestrator/api/request/secret-spec.ts';
import { serviceSpecRequest } from '../../../orchestrator/api/request/service-spec.ts';
import {
  initRequest,
  joinRequest,
  swarmSpecRequest,
  unlockRequest,
} from '../../../orchestrator/api/request/swarm-spec.ts';
import { notAllowed } from '../refusal.ts';
import { checkServiceSpec, networksOf } from '../rules/service-spec.ts';
import { checkSwarmSpec } from '../rules/swarm-spec.ts';
import { type Endpoint, FILTERS, get, post, remove } from './endpoint.ts';
import { json, overwrite } from './json-body.ts';

const service = json(serviceSpecRequest, async (body, sent, context) => {
  overwrite(sent, ['TaskTemplate', 'ContainerSpec'], checkServiceSpec(body, context.policy));
  for (const network of networksOf(body)) {
    if (await context.isHostNetwork(network)) {
      throw notAllowed(
        'a service on the network host',
        "the nodes' own network belongs to the lab; publish ports instead",
      );
    }
  }
});

const logs = {
  stdout: 'text',
  stderr: 'text',
  follow: 'text',
  since: 'text',
  until: 'text',
  timestamps: 'text',
  tail: 'text',
  details: 'text',
} as const;

const version = { version: 'text' } as const;

/** What belongs to the swarm. */
export const swarmEndpoints: Endpoint[] = [
  get('/services', { status: 'text', ...FILTERS }),
  post('/services/create', {}, service),
  get('/services/{id}', { insertDefaults: 'text' }),
  post('/services/{id}/update', { ...version, registryAuthFrom: 'text', rollback: 'text' }, service),
  remove('/services/{id}'),
  get('/services/{id}/logs', logs),
  get('/tasks', FILTERS),
  get('/tasks/{id}'),
  get('/tasks/{id}/logs', logs),
  get('/nodes', FILTERS),
  get('/nodes/{id}'),
  post('/nodes/{id}/update', version, json(nodeSpecRequest)),
  remove('/nodes/{id}', { force: 'text' }),
  get('/swarm'),
  post(
    '/swarm/init',
    {},
    json(initRequest, (body) => checkSwarmSpec(body.Spec)),
  ),
  post('/swarm/join', {}, json(joinRequest)),
  post('/swarm/leave', { force: 'text' }),
  post(
    '/swarm/update',
    { ...version, rotateWorkerToken: 'text', rotateManagerToken: 'text', rotateManagerUnlockKey: 'text' },
    json(swarmSpecRequest, checkSwarmSpec),
  ),
  get('/swarm/unlockkey'),
  post('/swarm/unlock', {}, json(unlockRequest)),
  ...(['secrets', 'configs'] as const).flatMap((kind) => {
    const body = json(kind === 'secrets' ? secretSpecRequest : configSpecRequest);
    return [
      get(`/${kind}`, FILTERS),
      post(`/${kind}/create`, {}, body),
      get(`/${kind}/{id}`),
      post(`/${kind}/{id}/update`, version, body),
      remove(`/${kind}/{id}`),
    ];
  }),
];
