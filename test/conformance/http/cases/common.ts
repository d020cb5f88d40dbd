import { get, type HttpCase, post } from '../http-case.ts';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'];
const PATHS = [
  ...[
    '/services',
    '/services/',
    '/services/create',
    '/services/no-such/update',
    '/services/no-such/logs',
    '/services/no-such/y',
  ],
  ...[
    '/tasks',
    '/tasks/no-such',
    '/tasks/no-such/logs',
    '/nodes',
    '/nodes/no-such/update',
    '/nodes/no-such/y',
    '/swarm/',
    '/swarm/x',
  ],
  ...['/swarm/join', '/swarm/leave/x', '/swarm/unlockkey', '/swarm/unlock', '/swarm/update'],
  ...[
    '/secrets',
    '/secrets/create',
    '/secrets/no-such/update',
    '/configs',
    '/configs/create',
    '/configs/no-such/update',
  ],
  ...[
    '/networks',
    '/networks/',
    '/networks/create',
    '/networks/no-such/connect',
    '/networks/prune',
    '/networks/no-such/y',
  ],
  ...['/nothing', '/', '/_ping', '/info', '/version', '/events/', '/attachments', '/attachments/no-such/y'],
];

/** Versions, paths that there are not, and methods that a path does not take. */
export const commonCases: HttpCase[] = [
  ...[
    '',
    '/v1.24',
    '/v1.45',
    '/v1.46',
    '/v1.23',
    '/v2.0',
    '/v1',
    '/v01.45',
    '/vx',
    '/v1.45.1',
    '/V1.45',
    '/v1.044',
  ].flatMap((version) => [
    get(`${version}/services`),
    get(`${version}/_ping`),
    get(`${version}/networks?${'filters=%7B%22name%22%3A%5B%22nil%22%5D%7D'}`),
  ]),
  get('/v1.45'),
  get('/v1.45/'),
  get('//services'),
  get('/services//'),
  get('/services/../services'),
  get('/services/%2e'),
  get('/services/a%2Fb'),
  get('/services/%zz'),
  get('/services/a%20b'),
  get('/services/%C3%A9'),
  get('/v1.45//services'),
  ...PATHS.flatMap((path) => METHODS.map((method): HttpCase => ({ method, path }))).filter(
    // What would change something, never end, or be the engine's own affair.
    ({ method, path }) =>
      !(method === 'POST' && path === '/networks/prune') &&
      !(method === 'GET' && ['/info', '/version', '/networks'].includes(path)) &&
      !(method === 'PATCH' && path === '/x'),
  ),
  get('/services', { headers: { 'user-agent': 'Docker-Client/26.1.5 (linux)' } }),
  post('/services/create', undefined, { headers: { 'content-type': 'application/json' } }),
];
