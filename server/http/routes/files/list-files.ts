import type { FastifyInstance } from 'fastify';
import type { ServerContext } from '../../server-context.ts';
import { FILES, filesOf } from './student-files.ts';

/** GET /api/workspaces/ID/nodes/NODE/files: all that is in the student's home folder. */
export function listFiles(server: FastifyInstance, context: ServerContext): void {
  server.get(FILES, async (request) => (await filesOf(request, context)).list());
}
