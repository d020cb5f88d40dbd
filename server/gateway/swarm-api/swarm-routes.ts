import { ControlError } from '../../orchestrator/api/control-error.ts';
import { parseVersion } from '../../orchestrator/api/numbers.ts';
import { flag, parseBool } from '../http/go-values.ts';
import { jsonBody, type Route, versionOf } from './call.ts';

/** /swarm and below: being part of a swarm, and the swarm's own settings. */
export const swarmRoutes: Route[] = [
  {
    method: 'GET',
    pattern: '/swarm',
    answer: ({ machine }) => ({ status: 200, body: machine.control().swarm.inspect() }),
  },
  {
    method: 'POST',
    pattern: '/swarm/init',
    answer: async (call) => ({ status: 200, body: await call.machine.init(await jsonBody(call)) }),
  },
  {
    method: 'POST',
    pattern: '/swarm/join',
    answer: async (call) => {
      await call.machine.join(await jsonBody(call));
      return { status: 200 };
    },
  },
  {
    method: 'POST',
    pattern: '/swarm/leave',
    answer: async (call) => {
      await call.machine.leave({ force: flag(call.query.get('force')) });
      return { status: 200 };
    },
  },
  {
    method: 'POST',
    pattern: '/swarm/update',
    answer: async (call) => {
      const body = await jsonBody(call);
      const version = versionOf(call, (text) => parseVersion('swarm', text));
      const rotations = {
        rotateWorkerToken: rotate(call.query, 'rotateWorkerToken'),
        rotateManagerToken: rotate(call.query, 'rotateManagerToken'),
        rotateManagerUnlockKey: rotate(call.query, 'rotateManagerUnlockKey'),
      };
      await call.machine.control().swarm.update(body, { version, ...rotations });
      return { status: 200 };
    },
  },
  {
    method: 'GET',
    pattern: '/swarm/unlockkey',
    answer: ({ machine }) => ({ status: 200, body: machine.control().swarm.unlockKey() }),
  },
  {
    method: 'POST',
    pattern: '/swarm/unlock',
    answer: async (call) => {
      await call.machine.unlock(await jsonBody(call));
      return { status: 200 };
    },
  },
];

function rotate(query: URLSearchParams, name: string): boolean {
  const value = query.get(name) ?? '';
  if (value === '') return false;
  const parsed = parseBool(value);
  if (parsed === undefined) throw new ControlError(400, `invalid value for ${name}: ${value}`);
  return parsed;
}
