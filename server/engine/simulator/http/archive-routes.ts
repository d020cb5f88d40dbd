import { EngineError } from '../../engine.ts';
import type { SimulatedContainer } from '../container.ts';
import type { SimulatedEngine } from '../simulated-engine.ts';
import type { EngineRequest } from './request.ts';
import type { Route } from './route.ts';

/** Go's os.ModeDir, by which a client knows a folder. */
const FOLDER = 2 ** 31;

/** `docker cp` and `docker export`: files of a container as tar archives. */
export function archiveRoutes(engine: SimulatedEngine): Route[] {
  return [
    {
      method: 'GET',
      pattern: '/containers/{id}/archive',
      answer: async (request) => {
        const container = engine.container(request.param('id'));
        const path = container.files().resolvePath('/', request.query.get('path') ?? '/');
        const stat = await statHeader(container, path);
        const archive = request.method === 'HEAD' ? Buffer.alloc(0) : await container.files().pack(path);
        request.response?.writeHead(200, {
          'Api-Version': '1.45',
          'Content-Type': 'application/x-tar',
          'X-Docker-Container-Path-Stat': stat,
        });
        request.response?.end(archive);
      },
    },
    {
      method: 'PUT',
      pattern: '/containers/{id}/archive',
      answer: async (request) => {
        const container = engine.container(request.param('id'));
        const path = container.files().resolvePath('/', request.query.get('path') ?? '/');
        await statHeader(container, path);
        await engine.putArchive(container.id, path, await request.body());
        request.send(200);
      },
    },
    {
      method: 'GET',
      pattern: '/containers/{id}/export',
      answer: async (request: EngineRequest) => {
        const archive = await engine.container(request.param('id')).files().pack('/');
        request.stream('application/octet-stream').end(archive);
      },
    },
  ];
}

/** What is at a path, as a header says it; 404 in the engine's words when nothing is. */
async function statHeader(container: SimulatedContainer, path: string): Promise<string> {
  const stat = await container
    .files()
    .stat(path)
    .catch(() => {
      throw new EngineError(404, `Could not find the file ${path} in container ${container.id}`);
    });
  const shown = {
    name: path.slice(path.lastIndexOf('/') + 1) || '/',
    size: stat.size,
    mode: (stat.mode & 0o777) + (stat.isDirectory ? FOLDER : 0),
    mtime: stat.mtime.toISOString(),
    linkTarget: '',
  };
  return Buffer.from(JSON.stringify(shown)).toString('base64');
}
