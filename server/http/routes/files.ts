import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { fileMove, filePath, fileVersion, MAX_FILE_BYTES, NEW_FILE, VERSION_HEADER } from '../../files/protocol.ts';
import { type ServerContext, userOf } from '../server-context.ts';
import { nodeParams } from './params.ts';

const onePath = z.strictObject({ path: filePath });
const condition = z.union([z.literal(NEW_FILE), fileVersion]).optional();
const BYTES = 'application/octet-stream';

/**
 * The student's files on a node. GET .../files lists them; GET, PUT and DELETE .../files/content?path=PATH are about one of them; POST
 * .../files/folders and .../files/moves. What a file holds goes out as bytes to be kept, never as something that a browser would show.
 */
export function files(server: FastifyInstance, { workspaces }: ServerContext): void {
  const base = '/api/workspaces/:workspace/nodes/:node/files';
  const filesOf = async (request: Parameters<typeof userOf>[0]) => {
    const { workspace, node } = nodeParams.parse(request.params);
    return (await workspaces.get(userOf(request).id, workspace)).filesOn(node);
  };

  server.get(base, async (request) => {
    const files = await filesOf(request);
    return files.list();
  });

  server.get(`${base}/content`, async (request, reply) => {
    const { path } = onePath.parse(request.query);
    const files = await filesOf(request);
    const { version, content } = await files.read(path);
    const name = encodeURIComponent(path.split('/').at(-1) ?? path);
    return reply
      .headers({
        'content-type': BYTES,
        'content-disposition': `attachment; filename*=UTF-8''${name}`,
        [VERSION_HEADER]: version,
      })
      .send(content);
  });

  server.delete(`${base}/content`, async (request, reply) => {
    const { path } = onePath.parse(request.query);
    const files = await filesOf(request);
    await files.remove(path);
    return reply.code(204).send();
  });

  server.post(`${base}/folders`, async (request, reply) => {
    const { path } = onePath.parse(request.body);
    const files = await filesOf(request);
    await files.makeFolder(path);
    return reply.code(204).send();
  });

  server.post(`${base}/moves`, async (request, reply) => {
    const { from, to } = fileMove.parse(request.body);
    const files = await filesOf(request);
    await files.move(from, to);
    return reply.code(204).send();
  });

  void server.register(async (bytes) => {
    bytes.addContentTypeParser(BYTES, { parseAs: 'buffer', bodyLimit: MAX_FILE_BYTES }, (_request, body, done) =>
      done(null, body),
    );
    bytes.put(`${base}/content`, { bodyLimit: MAX_FILE_BYTES }, async (request, reply) => {
      const { path } = onePath.parse(request.query);
      const content = z.instanceof(Buffer).default(Buffer.alloc(0)).parse(request.body);
      const wanted = condition.parse(request.headers[VERSION_HEADER]);
      const files = await filesOf(request);
      const version = await files.write(path, content, wanted);
      return reply.code(204).header(VERSION_HEADER, version).send();
    });
  });
}
