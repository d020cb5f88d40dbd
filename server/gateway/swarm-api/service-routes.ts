import { parseVersion } from '../../orchestrator/api/numbers.ts';
import { strictFlag } from '../http/go-values.ts';
import { compareVersions } from './api-version.ts';
import { type Call, filtersOf, jsonBody, parameter, type Route, versionOf } from './call.ts';
import { withDigestWarning } from './digest-warning.ts';
import { answerLogs, logsQuery } from './log-answer.ts';

/** /services and below. */
export const serviceRoutes: Route[] = [
  {
    method: 'GET',
    pattern: '/services',
    answer: (call) => {
      const { machine, query, version } = call;
      const filters = filtersOf(call);
      // Counted by the manager since API 1.41; older clients count the tasks themselves.
      const status = strictFlag(query, 'status') && compareVersions(version, '1.41') >= 0;
      return { status: 200, body: machine.control().services.list({ filters, status }) };
    },
  },
  {
    method: 'POST',
    pattern: '/services/create',
    answer: async (call) => {
      const registryAuth = registryAuthOf(call);
      const body = await jsonBody(call);
      const answer = await call.machine.control().services.create(body, { registryAuth });
      return { status: 201, body: withDigestWarning(answer, call.version, body) };
    },
  },
  {
    method: 'GET',
    pattern: '/services/{id}',
    answer: (call) => {
      const insertDefaults = strictFlag(call.query, 'insertDefaults');
      return { status: 200, body: call.machine.control().services.get(parameter(call, 'id'), { insertDefaults }) };
    },
  },
  {
    method: 'POST',
    pattern: '/services/{id}/update',
    answer: async (call) => {
      const body = await jsonBody(call);
      const version = versionOf(call, (text) => parseVersion('service', text));
      const answer = await call.machine.control().services.update(parameter(call, 'id'), body, {
        version,
        registryAuthFrom: call.query.get('registryAuthFrom') ?? undefined,
        rollback: call.query.get('rollback') ?? undefined,
        registryAuth: registryAuthOf(call),
      });
      return { status: 200, body: withDigestWarning(answer, call.version, body) };
    },
  },
  {
    method: 'DELETE',
    pattern: '/services/{id}',
    answer: async (call) => {
      await call.machine.control().services.remove(parameter(call, 'id'));
      return { status: 200 };
    },
  },
  {
    method: 'GET',
    pattern: '/services/{id}/logs',
    answer: (call) => {
      const query = logsQuery(call.query);
      const { services } = call.machine.control();
      return answerLogs(call, (signal) => services.logs(parameter(call, 'id'), query, signal));
    },
  },
];

function registryAuthOf({ req }: Call): string | undefined {
  const header = req.headers['x-registry-auth'];
  return typeof header === 'string' ? header : undefined;
}
