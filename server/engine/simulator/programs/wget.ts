import type { Program, ProgramContext } from './program.ts';

/** What the two call themselves to a server. */
const WGET_AGENT = 'Wget';
const CURL_AGENT = 'curl/8.14.1';

interface Target {
  host: string;
  port: number;
  path: string;
}

/** Splits `http://host:port/path` as wget and curl take it; undefined for anything else. */
function parseTarget(url: string): Target | undefined {
  const match = /^(?:http:\/\/)?([A-Za-z0-9_.-]+)(?::(\d+))?(\/.*)?$/.exec(url);
  if (match?.[1] === undefined) return undefined;
  return { host: match[1], port: Number(match[2] ?? 80), path: match[3] ?? '/' };
}

function addressOf(context: ProgramContext, host: string): string | undefined {
  return /^\d+(\.\d+){3}$/.test(host) ? host : context.network.resolve(host)[0];
}

/** `wget [-q] [-O FILE] [-S] [-T SECONDS] URL`: `-O -` and `-qO-` print the page. */
export const wget: Program = async (context) => {
  const rest = context.argv.slice(1);
  let quiet = false;
  let output: string | undefined;
  let url: string | undefined;
  for (let argument = rest.shift(); argument !== undefined; argument = rest.shift()) {
    if (argument === '-T' || argument === '--timeout') rest.shift();
    else if (/^-[a-zA-Z]*O/.test(argument)) {
      quiet ||= argument.includes('q');
      output = argument.slice(argument.indexOf('O') + 1) || rest.shift();
    } else if (argument.startsWith('-')) quiet ||= argument.includes('q');
    else url = argument;
  }
  const target = url === undefined ? undefined : parseTarget(url);
  if (target === undefined) {
    context.stderr('BusyBox: wget: usage: wget [-q] [-O FILE] URL\n');
    return 1;
  }
  const address = addressOf(context, target.host);
  if (address === undefined) {
    context.stderr(`wget: bad address '${target.host}'\n`);
    return 1;
  }
  if (!quiet) context.stderr(`Connecting to ${target.host} (${address}:${target.port})\n`);
  try {
    const answer = await context.network.request(address, target.port, {
      method: 'GET',
      path: target.path,
      agent: WGET_AGENT,
    });
    if (answer.status >= 400) {
      context.stderr(`wget: server returned error: HTTP/1.1 ${answer.status}\n`);
      return 1;
    }
    if (output === '-') context.stdout(answer.body);
    else if (!quiet) context.stderr(`'${output ?? 'index.html'}' saved\n`);
    return 0;
  } catch (error) {
    context.stderr(`wget: can't connect to remote host (${address}): ${(error as Error).message}\n`);
    return 1;
  }
};

/** `curl [-s] [-S] [-f] [-I] [-o FILE] [-w FORMAT] URL`: the page on stdout. */
export const curl: Program = async (context) => {
  const rest = context.argv.slice(1);
  const flags = new Set<string>();
  let output: string | undefined;
  let format = '';
  let agent = CURL_AGENT;
  let url: string | undefined;
  for (let argument = rest.shift(); argument !== undefined; argument = rest.shift()) {
    if (argument === '-o' || argument === '--output') output = rest.shift();
    else if (argument === '-w' || argument === '--write-out') format = rest.shift() ?? '';
    else if (argument === '-A' || argument === '--user-agent') agent = rest.shift() ?? '';
    else if (['-m', '--max-time', '--connect-timeout', '-H', '-X'].includes(argument)) rest.shift();
    else if (argument.startsWith('-')) for (const letter of argument.replace(/^-+/, '')) flags.add(letter);
    else url = argument;
  }
  const target = url === undefined ? undefined : parseTarget(url);
  if (target === undefined) {
    context.stderr("curl: try 'curl --help' for more information\n");
    return 2;
  }
  const address = addressOf(context, target.host);
  if (address === undefined) {
    context.stderr(`curl: (6) Could not resolve host: ${target.host}\n`);
    return 6;
  }
  try {
    const answer = await context.network.request(address, target.port, {
      method: flags.has('I') ? 'HEAD' : 'GET',
      path: target.path,
      agent,
    });
    if (flags.has('f') && answer.status >= 400) {
      context.stderr(`curl: (22) The requested URL returned error: ${answer.status}\n`);
      return 22;
    }
    if (flags.has('I')) {
      const headers = Object.entries(answer.headers).map(([name, value]) => `${name}: ${value}\r\n`);
      context.stdout(`HTTP/1.1 ${answer.status} OK\r\n${headers.join('')}\r\n`);
    } else if (output === undefined) context.stdout(answer.body);
    context.stdout(format.replaceAll('%{http_code}', String(answer.status)).replaceAll('\\n', '\n'));
    return 0;
  } catch (error) {
    context.stderr(`curl: (7) Failed to connect to ${target.host} port ${target.port}: ${(error as Error).message}\n`);
    return 7;
  }
};
