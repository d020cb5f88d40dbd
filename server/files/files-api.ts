import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { SwarmlabError } from '../errors/swarmlab-error.ts';
import type { HomeFiles } from './home-files.ts';
import { fileMove, filePath, fileVersion, MAX_FILE_BYTES, NEW_FILE, VERSION_HEADER } from './protocol.ts';

const PREFIX = '/v0/files';
const folderBody = z.strictObject({ path: filePath });
const condition = z.union([z.literal(NEW_FILE), fileVersion]).optional();

interface Answer {
  status: number;
  headers?: Record<string, string>;
  body?: Buffer;
}

/**
 * The student's files on a node over HTTP, for whoever may open the node's agent socket: GET /v0/files; GET, PUT and DELETE
 * /v0/files/content?path=PATH; POST /v0/files/folders and /v0/files/moves.
 */
export class FilesApi {
  readonly #files: HomeFiles;

  constructor(files: HomeFiles) {
    this.#files = files;
  }

  /** Answers the request if it is one for files; false when it is not. */
  handle(request: IncomingMessage, response: ServerResponse): boolean {
    const url = new URL(request.url ?? '/', 'http://node');
    if (url.pathname !== PREFIX && !url.pathname.startsWith(`${PREFIX}/`)) return false;
    this.#answer(request, url).then(
      ({ status, headers, body }) => response.writeHead(status, headers).end(body),
      (error: unknown) => {
        const { code, message, next } = asSwarmlabError(error);
        const known = json(400, { code, message, next });
        // What is left of a body that was too large is not read: the connection ends with the answer.
        response.writeHead(known.status, { ...known.headers, connection: 'close' }).end(known.body);
      },
    );
    return true;
  }

  async #answer(request: IncomingMessage, url: URL): Promise<Answer> {
    const route = `${request.method} ${url.pathname.slice(PREFIX.length)}`;
    const path = () => filePath.parse(url.searchParams.get('path') ?? '');
    switch (route) {
      case 'GET ':
        return json(200, await this.#files.list());
      case 'GET /content': {
        const { version, content } = await this.#files.read(path());
        return { status: 200, headers: { [VERSION_HEADER]: version }, body: content };
      }
      case 'PUT /content': {
        const wanted = condition.parse(request.headers[VERSION_HEADER]);
        const name = path();
        const version = await this.#files.write(name, await readBody(request, name), wanted);
        return { status: 204, headers: { [VERSION_HEADER]: version } };
      }
      case 'DELETE /content':
        await this.#files.remove(path());
        return { status: 204 };
      case 'POST /folders':
        await this.#files.makeFolder(folderBody.parse(JSON.parse((await readBody(request, 'it')).toString())).path);
        return { status: 204 };
      case 'POST /moves': {
        const { from, to } = fileMove.parse(JSON.parse((await readBody(request, 'it')).toString()));
        await this.#files.move(from, to);
        return { status: 204 };
      }
      default:
        throw new SwarmlabError('SL_USAGE', `${request.method} is not possible here`);
    }
  }
}

async function readBody(request: IncomingMessage, name: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    length += bytes.length;
    if (length > MAX_FILE_BYTES) throw new SwarmlabError('SL_FILE_TOO_LARGE', `${name} is too large`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

function json(status: number, body: unknown): Answer {
  return { status, headers: { 'content-type': 'application/json' }, body: Buffer.from(JSON.stringify(body)) };
}

function asSwarmlabError(error: unknown): SwarmlabError {
  if (error instanceof SwarmlabError) return error;
  if (error instanceof z.ZodError) return new SwarmlabError('SL_USAGE', error.issues[0]?.message ?? error.message);
  if (error instanceof SyntaxError) return new SwarmlabError('SL_USAGE', error.message);
  return new SwarmlabError('SL_INTERNAL', error instanceof Error ? error.message : String(error));
}
