import type { FastifyInstance } from 'fastify';
import type { ServerContext } from '../../server-context.ts';
import { FILES, filesOf, onePath } from './student-files.ts';

/** DELETE .../files/content?path=PATH: removes a file, or a folder with all that is in it. */
export function removeFile(server: FastifyInstance, context: ServerContext): void {
  server.delete(`${FILES}/content`, async (request, reply) => {
    const { path } = onePath.parse(request.query);
    await (await filesOf(request, context)).remove(path);
    return reply.code(204).send();
  });
}
