import { flag } from '../http/go-values.ts';
import { jsonBody, parameter, type Route } from './call.ts';

/** /nodes and below. */
export const nodeRoutes: Route[] = [
  {
    method: 'GET',
    pattern: '/nodes',
    answer: ({ machine, query }) => ({
      status: 200,
      body: machine.control().nodes.list({ filters: query.get('filters') ?? undefined }),
    }),
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
      const version = call.query.get('version') ?? undefined;
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
