import { jsonBody, parameter, type Route } from './call.ts';

/**
 * /networks and below, of swarm scope only: the gateway of a node joins them with the networks of its engine. A create names the
 * engine's networks in `?taken=` once each, for no overlay may be called like one of them.
 */
export const networkRoutes: Route[] = [
  {
    method: 'GET',
    pattern: '/networks',
    answer: ({ machine, query }) => ({
      status: 200,
      body: machine.control().networks.list({ filters: query.get('filters') ?? undefined }),
    }),
  },
  {
    method: 'POST',
    pattern: '/networks/create',
    answer: async (call) => {
      const body = await jsonBody(call);
      const taken = call.query.getAll('taken');
      return { status: 201, body: await call.machine.control().networks.create(body, { taken }) };
    },
  },
  {
    method: 'GET',
    pattern: '/networks/{id}',
    answer: (call) => {
      const scope = call.query.get('scope') ?? undefined;
      return { status: 200, body: call.machine.control().networks.get(parameter(call, 'id'), { scope }) };
    },
  },
  {
    method: 'DELETE',
    pattern: '/networks/{id}',
    answer: async (call) => {
      await call.machine.control().networks.remove(parameter(call, 'id'));
      return { status: 204 };
    },
  },
];
