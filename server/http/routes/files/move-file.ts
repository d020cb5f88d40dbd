import type { FastifyInstance } from 'fastify';
import { fileMove } from '../../../files/protocol.ts';
import type { ServerContext } from '../../server-context.ts';
import { FILES, filesOf } from './student-files.ts';

/** POST .../files/moves: gives a file or folder another name or place. */
export function moveFile(server: FastifyInstance, context: ServerContext): void {
  server.post(`${FILES}/moves`, async (request, reply) => {
    const { from, to } = fileMove.parse(request.body);
    await (await filesOf(request, context)).move(from, to);
    return reply.code(204).send();
  });
}
