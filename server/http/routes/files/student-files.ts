import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { filePath } from '../../../files/protocol.ts';
import type { NodeFiles } from '../../../workspaces/files/node-files.ts';
import { type ServerContext, userOf } from '../../server-context.ts';
import { nodeParams } from '../params.ts';

/** Where the student's files on a node are found. */
export const FILES = '/api/workspaces/:workspace/nodes/:node/files';

/** A file that a query or a body names. */
export const onePath = z.strictObject({ path: filePath });

/** The files that a request is about. */
export async function filesOf(request: FastifyRequest, { workspaces }: ServerContext): Promise<NodeFiles> {
  const { workspace, node } = nodeParams.parse(request.params);
  return (await workspaces.get(userOf(request).id, workspace)).filesOn(node);
}
