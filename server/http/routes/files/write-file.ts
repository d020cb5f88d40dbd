import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { fileVersion, MAX_FILE_BYTES, NEW_FILE, VERSION_HEADER } from '../../../files/protocol.ts';
import type { ServerContext } from '../../server-context.ts';
import { FILES, filesOf, onePath } from './student-files.ts';

const BYTES = 'application/octet-stream';
const condition = z.union([z.literal(NEW_FILE), fileVersion]).optional();

/** PUT .../files/content?path=PATH: what the file is to hold, as bytes. The header with a version makes it depend on that. */
export function writeFile(server: FastifyInstance, context: ServerContext): void {
  // In a scope of its own: no other route takes bytes, or that many.
  void server.register(async (scope) => {
    scope.addContentTypeParser(BYTES, { parseAs: 'buffer', bodyLimit: MAX_FILE_BYTES }, (_request, body, done) =>
      done(null, body),
    );
    scope.put(`${FILES}/content`, { bodyLimit: MAX_FILE_BYTES }, async (request, reply) => {
      const { path } = onePath.parse(request.query);
      const content = z.instanceof(Buffer).default(Buffer.alloc(0)).parse(request.body);
      const wanted = condition.parse(request.headers[VERSION_HEADER]);
      const version = await (await filesOf(request, context)).write(path, content, wanted);
      return reply.code(204).header(VERSION_HEADER, version).send();
    });
  });
}
