import { parseVersion } from '../../orchestrator/api/numbers.ts';
import { flag } from '../http/go-values.ts';
import { filtersOf, jsonBody, parameter, type Route, versionOf } from './call.ts';

/** /nodes and below. */
export const nodeRoutes: Route[] = [
  {
    method: 'GET',
    pattern: '/nodes',
    answer: (call) => {
      const filters = filtersOf(call);
      return { status: 200, body: call.machine.control().nodes.list({ filters }) };
    },
  },
  {
    method: 'GET',
    pattern: '/nodes/{id}',
    answer: (call) => ({ status: 200, body: call.machine.control().nodes.get(parameter(call, 'id')) }),
  },
  {
    method: 'POST',
    pattern: '/nodes/{id}/update',
    answer: async (call) => {
      const body = await jsonBody(call);
      const version = versionOf(call, (text) => parseVersion('node', text));
      await call.machine.control().nodes.update(parameter(call, 'id'), body, { version });
      return { status: 200 };
    },
  },
  {
    method: 'DELETE',
    pattern: '/nodes/{id}',
    answer: async (call) => {
      await call.machine.control().nodes.remove(parameter(call, 'id'), { force: flag(call.query.get('force')) });
      return { status: 200 };
    },
  },
];
