import { existsSync } from 'node:fs';
import staticFiles from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { SwarmlabError } from '../errors/swarmlab-error.ts';

/** Vite puts a digest into the names of what it makes, so these never change under their name. */
const HASHED = /\/assets\//;

/** Serves the page that `folder` holds: its files under their names, the page itself for every place in it. Throws SL_NOT_SUPPORTED. */
export async function addPage(server: FastifyInstance, folder: string): Promise<void> {
  if (!existsSync(folder)) {
    throw new SwarmlabError('SL_NOT_SUPPORTED', 'the page has not been built', { next: 'Run `npm run build`.' });
  }
  await server.register(staticFiles, {
    root: folder,
    cacheControl: false,
    setHeaders: (reply, path) => {
      reply.header('cache-control', HASHED.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  server.get('/labs/:workspace', (_request, reply) => reply.sendFile('index.html'));
}
