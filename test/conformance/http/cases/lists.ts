import { filters, get, type HttpCase } from '../http-case.ts';

const KEYS: Record<string, string[]> = {
  '/services': ['name', 'id', 'label', 'mode', 'runtime', 'nope'],
  '/tasks': ['name', 'id', 'label', 'service', 'node', 'desired-state', '_up-to-date', 'runtime', 'nope'],
  '/nodes': ['name', 'id', 'label', 'node.label', 'role', 'membership', 'nope'],
  '/secrets': ['name', 'names', 'id', 'label', 'nope'],
  '/configs': ['name', 'names', 'id', 'label', 'nope'],
  '/networks': ['name', 'id', 'label', 'driver', 'scope', 'type', 'dangling', 'nope'],
};

const MALFORMED = [
  ...[
    'x',
    '{',
    '[]',
    '{}',
    'null',
    '""',
    '1',
    '{"name":"a"}',
    '{"name":1}',
    '{"name":null}',
    '{"name":[]}',
    '{"name":{}}',
  ],
  ...[
    '{"name":[1]}',
    '{"name":{"a":"b"}}',
    '{"name":{"a":false}}',
    '{"name":{"a":null}}',
    '{"name":["a",null]}',
    '{"nope":{}}',
  ],
  ...['{"name":["a"]} x', '{"name":{"a":true},"nope":["x"]}', '{"":["x"]}', '{"NAME":["x"]}'],
];

/** Filters: of every list every key, and what is no filter. */
export const listCases: HttpCase[] = Object.entries(KEYS)
  .flatMap(([path, keys]) => [
    ...MALFORMED.map((text) => get(`${path}?${filters(text)}`)),
    ...keys.flatMap((key) => ['nil', '', 'a=b', 'true'].map((value) => get(`${path}?${filters({ [key]: [value] })}`))),
    get(`${path}?filters=`),
    get(`${path}?nope=1&${filters({ name: ['nil'] })}`),
  ])
  .concat([
    ...['status=x', 'status=1', 'status=true', 'status=', 'status=2', 'status=yes'].map((query) =>
      get(`/services?${query}`),
    ),
    ...['accepted', 'pending', 'rejected', 'ACCEPTED'].map((value) =>
      get(`/nodes?${filters({ membership: [value, 'nil'] })}`),
    ),
    ...['manager', 'worker', 'MANAGER'].map((value) => get(`/nodes?${filters({ role: [value, 'nil'] })}`)),
    ...['running', 'RUNNING', 'shutdown', 'accepted', 'remove'].map((value) =>
      get(`/tasks?${filters({ 'desired-state': [value, 'nil'] })}`),
    ),
    get(`/tasks?${filters({ '_up-to-date': ['true', 'false'] })}`),
    get(`/tasks?${filters({ '_up-to-date': ['x'] })}`),
    get(`/tasks?${filters({ runtime: ['container', 'plugin'] })}`),
    get(`/services?${filters({ mode: ['replicated', 'nope'] })}`),
    get(`/services?${filters({ runtime: ['plugin'] })}`),
    ...[
      '/services/no-such',
      '/tasks/no-such',
      '/nodes/no-such',
      '/secrets/no-such',
      '/configs/no-such',
      '/networks/no-such',
    ].flatMap((path) => [
      get(path),
      { method: 'DELETE', path },
      { method: 'DELETE', path: `${path}?force=1` },
      get(`${path}?insertDefaults=x&verbose=x&scope=x`),
    ]),
    get('/networks/no-such?scope=swarm'),
    get('/networks/no-such?scope=local'),
    get('/networks/no-such?verbose=true'),
    ...['/services/no-such', '/tasks/no-such'].flatMap((path) => [
      get(`${path}/logs`),
      get(`${path}/logs?stdout=1`),
      get(`${path}/logs?stdout=1&tail=x`),
      get(`${path}/logs?stdout=1&since=x`),
    ]),
  ]);
