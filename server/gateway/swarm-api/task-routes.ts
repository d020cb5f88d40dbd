import { filtersOf, parameter, type Route } from './call.ts';
import { answerLogs, logsQuery } from './log-answer.ts';

/** /tasks and below. */
export const taskRoutes: Route[] = [
  {
    method: 'GET',
    pattern: '/tasks',
    answer: (call) => {
      const filters = filtersOf(call);
      return { status: 200, body: call.machine.control().tasks.list({ filters }) };
    },
  },
  {
    method: 'GET',
    pattern: '/tasks/{id}',
    answer: (call) => ({ status: 200, body: call.machine.control().tasks.get(parameter(call, 'id')) }),
  },
  {
    method: 'GET',
    pattern: '/tasks/{id}/logs',
    answer: (call) => {
      const query = logsQuery(call.query);
      const { tasks } = call.machine.control();
      return answerLogs(call, (signal) => tasks.logs(parameter(call, 'id'), query, signal));
    },
  },
];
