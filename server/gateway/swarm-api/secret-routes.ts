import type { ControlApi } from '../../orchestrator/api/control-api.ts';
import { parseDataVersion } from '../../orchestrator/api/secrets/stored-data.ts';
import { type Call, filtersOf, jsonBody, parameter, type Route, versionOf } from './call.ts';

/** /secrets and /configs and below: the same requests for both. */
export const secretRoutes: Route[] = [...routesOf('secrets'), ...routesOf('configs')];

function routesOf(kind: 'secrets' | 'configs'): Route[] {
  const api = ({ machine }: Call): ControlApi[typeof kind] => machine.control()[kind];
  return [
    {
      method: 'GET',
      pattern: `/${kind}`,
      answer: (call) => {
        const filters = filtersOf(call);
        return { status: 200, body: api(call).list({ filters }) };
      },
    },
    {
      method: 'POST',
      pattern: `/${kind}/create`,
      answer: async (call) => {
        const body = await jsonBody(call);
        return { status: 201, body: await api(call).create(body) };
      },
    },
    {
      method: 'GET',
      pattern: `/${kind}/{id}`,
      answer: (call) => ({ status: 200, body: api(call).get(parameter(call, 'id')) }),
    },
    {
      method: 'POST',
      pattern: `/${kind}/{id}/update`,
      answer: async (call) => {
        const body = await jsonBody(call);
        const version = versionOf(call, (text) => parseDataVersion(kind === 'secrets' ? 'secret' : 'config', text));
        await api(call).update(parameter(call, 'id'), body, { version });
        return { status: 200 };
      },
    },
    {
      method: 'DELETE',
      pattern: `/${kind}/{id}`,
      answer: async (call) => {
        await api(call).remove(parameter(call, 'id'));
        return { status: 204 };
      },
    },
  ];
}
