import type { FastifyInstance } from 'fastify';
import type { ServerContext } from '../../server-context.ts';
import { FILES, filesOf, onePath } from './student-files.ts';

/** POST .../files/folders: makes a folder. */
export function makeFolder(server: FastifyInstance, context: ServerContext): void {
  server.post(`${FILES}/folders`, async (request, reply) => {
    const { path } = onePath.parse(request.body);
    await (await filesOf(request, context)).makeFolder(path);
    return reply.code(204).send();
  });
}
