import type { FastifyInstance } from 'fastify';
import { type ServerContext, userOf } from '../server-context.ts';
import { terminalParams } from './params.ts';

/** POST /api/workspaces/ID/terminals/TERMINAL/ticket: what opens one socket to that terminal, once, within half a minute. */
export function terminalTicket(server: FastifyInstance, { workspaces, tickets }: ServerContext): void {
  server.post('/api/workspaces/:workspace/terminals/:terminal/ticket', async (request, reply) => {
    const user = userOf(request);
    const params = terminalParams.parse(request.params);
    const workspace = await workspaces.get(user.id, params.workspace);
    const { id } = workspace.terminals.get(params.terminal);
    return reply.code(201).send({ ticket: tickets.issue(user.id, { workspace: workspace.id, terminal: id }) });
  });
}
