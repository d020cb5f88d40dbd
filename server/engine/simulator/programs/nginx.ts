import type { Clock } from '../../../clock/clock.ts';
import { type HttpListener, type Program, type ProgramContext, untilKilled } from './program.ts';

/** Where its pages lie. */
const ROOT = '/usr/share/nginx/html';
const NOT_FOUND = '<html><head><title>404 Not Found</title></head><body><h1>404 Not Found</h1></body></html>\n';

/** What of a configuration matters here: the port, and an answer that is written into it. */
interface Configuration {
  port: number;
  answer: { status: number; body: string } | undefined;
}

/** Reads `listen PORT` and `return STATUS "TEXT"` of a mounted configuration; without one nginx is as its image has it. */
async function readConfiguration(context: ProgramContext): Promise<Configuration> {
  const text = await context
    .files()
    .readFile('/etc/nginx/nginx.conf')
    .catch(() => '');
  const [, status, body = ''] = /\breturn\s+(\d{3})\s+(?:"((?:[^"\\]|\\.)*)"|[^;]*);/.exec(text) ?? [];
  return {
    port: Number(/\blisten\s+(\d+)/.exec(text)?.[1] ?? 80),
    answer: status === undefined ? undefined : { status: Number(status), body: body.replaceAll('\\n', '\n') },
  };
}

/** The time of a line in an access log: `26/Nov/2026:06:20:20 +0000`. */
function logTime(clock: Clock): string {
  const [, day, month, year, time] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(new Date(clock.now()).toUTCString()) ?? [];
  return `${day}/${month}/${year}:${time} +0000`;
}

/** nginx in the foreground, with an access log on stdout in its "combined" format. */
export const nginx: Program = async (context) => {
  const configuration = await readConfiguration(context);
  const page = async (path: string) => {
    const name = decodeURIComponent(path.split('?')[0] ?? '/').replace(/\/$/, '/index.html');
    const body = name.includes('..')
      ? undefined
      : await context
          .files()
          .readFile(ROOT + name)
          .catch(() => undefined);
    return body === undefined ? { status: 404, body: NOT_FOUND } : { status: 200, body };
  };
  const answer: HttpListener = async ({ method, path, from, agent }) => {
    const { status, body } = configuration.answer ?? (await page(path));
    context.stdout(
      `${from} - - [${logTime(context.clock)}] "${method} ${path} HTTP/1.1" ${status} ${body.length} "-" "${agent || '-'}"\n`,
    );
    return {
      status,
      headers: { Server: 'nginx', 'Content-Type': 'text/html' },
      body: method === 'HEAD' ? '' : body,
    };
  };
  try {
    context.network.listen(configuration.port, answer);
  } catch {
    context.stderr(`nginx: [emerg] bind() to 0.0.0.0:${configuration.port} failed (98: Address already in use)\n`);
    return 1;
  }
  context.stderr(`${context.clock.timestamp()} [notice] 1#1: start worker processes\n`);
  await untilKilled(context);
  return 0;
};
