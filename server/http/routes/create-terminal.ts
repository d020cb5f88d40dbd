import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { terminalSize } from '../../terminals/protocol.ts';
import { type ServerContext, userOf } from '../server-context.ts';
import { workspaceParams } from './params.ts';

const body = terminalSize.extend({ node: z.string().regex(/^[a-z][a-z0-9-]{0,62}$/) });

/** POST /api/workspaces/ID/terminals: starts a shell on a node. */
export function createTerminal(server: FastifyInstance, { workspaces }: ServerContext): void {
  server.post('/api/workspaces/:workspace/terminals', async (request, reply) => {
    const params = workspaceParams.parse(request.params);
    const { node, cols, rows } = body.parse(request.body);
    const workspace = await workspaces.get(userOf(request).id, params.workspace);
    return reply.code(201).send(await workspace.terminals.create(node, { columns: cols, rows }));
  });
}
