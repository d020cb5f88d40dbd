import { type HttpListener, type Program, type ProgramContext, untilKilled } from './program.ts';

/** The page that the lab's nginx image shows: Debian's welcome page in its essentials. */
const WELCOME = `<!DOCTYPE html>
<html>
<head>
<title>Welcome to nginx!</title>
</head>
<body>
<h1>Welcome to nginx!</h1>
<p>The web server of the lab is working.</p>
</body>
</html>
`;

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

/** nginx in the foreground, with an access log on stdout. */
export const nginx: Program = async (context) => {
  const configuration = await readConfiguration(context);
  const page = (path: string) =>
    path === '/' || path === '/index.html' ? { status: 200, body: WELCOME } : { status: 404, body: NOT_FOUND };
  const answer: HttpListener = ({ method, path, host }) => {
    const { status, body } = configuration.answer ?? page(path);
    context.stdout(
      `${host} - - [${context.clock.timestamp()}] "${method} ${path} HTTP/1.1" ${status} ${body.length} "-" "-"\n`,
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
