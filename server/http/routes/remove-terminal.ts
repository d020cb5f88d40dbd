import type { FastifyInstance } from 'fastify';
import { type ServerContext, userOf } from '../server-context.ts';
import { terminalParams } from './params.ts';

/** DELETE /api/workspaces/ID/terminals/TERMINAL: hangs a shell up. */
export function removeTerminal(server: FastifyInstance, { workspaces }: ServerContext): void {
  server.delete('/api/workspaces/:workspace/terminals/:terminal', async (request, reply) => {
    const params = terminalParams.parse(request.params);
    const workspace = await workspaces.get(userOf(request).id, params.workspace);
    await workspace.terminals.remove(params.terminal);
    return reply.code(204).send();
  });
}
