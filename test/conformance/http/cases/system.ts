import { filters, get, type HttpCase } from '../http-case.ts';

/** The parts of the daemon's own endpoints in which the swarm shows. */
export const systemCases: HttpCase[] = [
  get('/info', { part: 'Swarm' }),
  get('/info', { on: 'worker1', part: 'Swarm' }),
  get('/version'),
  get('/_ping'),
  { method: 'HEAD', path: '/_ping' },
  get('/v1.45/_ping'),
  get('/system/df'),
  ...[
    'until=1',
    'since=0&until=1',
    'since=x&until=1',
    'until=x',
    'since=5&until=3',
    'until=1&filters=x',
    `until=1&${filters({ nope: ['x'] })}`,
    `until=1&${filters({ scope: ['nope'] })}`,
    `until=1&${filters({ type: ['nope'] })}`,
    'until=1&nope=1',
    'until=1&filters=[]',
    'until=1&filters={"type":"x"}',
  ].map((query) => get(`/events?${query}`)),
  get('/events', { cut: 500, statusOnly: true }),
  get(`/events?since=0&until=99999999999&${filters({ type: ['node'], event: ['nope'] })}`, { cut: 500 }),
];
