import { type IncomingMessage, request } from 'node:http';

export interface RawAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

export interface Question {
  socketPath: string;
  method: string;
  path: string;
  body?: string;
  headers?: Record<string, string>;
  /** Milliseconds after which what has come is the answer. */
  cut: number;
}

/** Headers that say nothing about what answers. */
const UNINTERESTING = new Set(['date', 'content-length', 'connection', 'keep-alive', 'transfer-encoding']);

/** Asks an HTTP server behind a socket; gives whatever it answers, also when it never ends. */
export function ask({ socketPath, method, path, body, headers = {}, cut }: Question): Promise<RawAnswer> {
  const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
  const length: Record<string, string> = body === undefined ? {} : { 'content-length': `${Buffer.byteLength(body)}` };
  return new Promise((done, fail) => {
    const call = request(
      { socketPath, method, path, headers: { ...type, ...headers, ...length }, agent: false },
      (answer) => {
        const chunks: Buffer[] = [];
        const finish = () => {
          clearTimeout(timer);
          call.destroy();
          done({ status: answer.statusCode ?? 0, headers: headersOf(answer), body: Buffer.concat(chunks).toString() });
        };
        const timer = setTimeout(finish, cut);
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('end', finish);
        answer.on('error', finish);
      },
    );
    call.setTimeout(30_000, () => call.destroy(new Error(`${method} ${path}: no answer`)));
    call.on('error', fail);
    call.end(body);
  });
}

function headersOf(answer: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(answer.headers)
      .filter(([name]) => !UNINTERESTING.has(name))
      .map(([name, value]) => [name, String(value)] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}
