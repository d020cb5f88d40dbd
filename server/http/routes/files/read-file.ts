import type { FastifyInstance } from 'fastify';
import { VERSION_HEADER } from '../../../files/protocol.ts';
import type { ServerContext } from '../../server-context.ts';
import { FILES, filesOf, onePath } from './student-files.ts';

/** GET .../files/content?path=PATH: what a file holds, as bytes to be kept and never as something that a browser would show. */
export function readFile(server: FastifyInstance, context: ServerContext): void {
  server.get(`${FILES}/content`, async (request, reply) => {
    const { path } = onePath.parse(request.query);
    const { version, content } = await (await filesOf(request, context)).read(path);
    const name = encodeURIComponent(path.split('/').at(-1) ?? path);
    return reply
      .headers({
        'content-type': 'application/octet-stream',
        'content-disposition': `attachment; filename*=UTF-8''${name}`,
        [VERSION_HEADER]: version,
      })
      .send(content);
  });
}
