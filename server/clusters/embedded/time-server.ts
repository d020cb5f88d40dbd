import { chmodSync, chownSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import type { TimeKeeper } from '../../clock/time-keeper.ts';

/** The socket's name beside the gateway's in a sandbox's /run/gateway. */
const SOCKET = 'time.sock';
const SECONDS: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 };

/** Milliseconds that `sleep` is told to take by its arguments; undefined where it would refuse them. */
export function sleepTime(words: readonly string[]): number | undefined {
  let seconds = 0;
  for (const word of words) {
    if (word === 'infinity' || word === 'inf') seconds = Number.POSITIVE_INFINITY;
    const match = /^(\d+\.?\d*|\.\d+)([smhd]?)$/.exec(word);
    if (match !== null) seconds += Number(match[1]) * (SECONDS[match[2] ?? ''] ?? 1);
    else if (seconds !== Number.POSITIVE_INFINITY) return undefined;
  }
  return words.length === 0 ? undefined : seconds * 1000;
}

/** Serves virtual time to the shells of a node: `GET /sleep?WORD&WORD` is answered when that time has passed. */
export class TimeServer {
  readonly #servers: Server[] = [];
  readonly #time: TimeKeeper;

  constructor(time: TimeKeeper) {
    this.#time = time;
  }

  /** Listens beside a gateway's socket in `folder`, which the sandboxes of user `uid` see. */
  async listen(folder: string, uid: number | undefined): Promise<void> {
    const path = join(folder, SOCKET);
    rmSync(path, { force: true });
    const server = createServer((request, response) => {
      const open = this.#time.request();
      response.once('close', () => open.dispose());
      const words = new URL(request.url ?? '/', 'http://time').search.slice(1).split('&').filter(Boolean);
      const time = sleepTime(words.map(decodeURIComponent));
      if (time === undefined) response.writeHead(400).end();
      else if (time !== Number.POSITIVE_INFINITY) {
        const timer = this.#time.clock.after(time, () => response.writeHead(204).end());
        response.once('close', () => timer.dispose());
      }
    });
    server.keepAliveTimeout = 0;
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(path, resolve));
    chmodSync(path, 0o660);
    if (uid !== undefined) chownSync(path, uid, uid);
    this.#servers.push(server);
  }

  close(): void {
    for (const server of this.#servers) {
      server.close();
      server.closeAllConnections();
    }
  }
}

/** `sleep` as shells in virtual time have it. */
const SLEEP = `#!/bin/bash
words=
for word; do words+="&$word"; done
curl -q -sf --noproxy '*' --unix-socket /run/gateway/${SOCKET} "http://time/sleep?\${words#&}" 2>/dev/null
case $? in
  0) ;;
  22) echo "sleep: invalid time interval '$*'" >&2; exit 1 ;;
  *) exit 1 ;;
esac
`;

/** \`timeout\` likewise: what it runs may be waiting for a stream, in which virtual time passes faster. */
const TIMEOUT = `#!/bin/bash
signal=TERM after= preserve=
while [[ \${1-} == -* ]]; do
  case $1 in
    -s) signal=$2; shift ;;
    --signal=*) signal=\${1#*=} ;;
    -s?*) signal=\${1#-s} ;;
    -k) after=$2; shift ;;
    --kill-after=*) after=\${1#*=} ;;
    --preserve-status) preserve=yes ;;
    --foreground | -v | --verbose) ;;
    *) echo "timeout: unrecognized option '$1'" >&2; exit 125 ;;
  esac
  shift
done
if (( $# < 2 )); then echo 'timeout: missing operand' >&2; exit 125; fi
limit=$1
shift
"$@" <&0 &
command=$!
sleep "$limit" &
timer=$!
wait -n -p first "$command" "$timer"
code=$?
if [[ $first == "$command" ]]; then
  kill "$timer" 2>/dev/null
  exit "$code"
fi
kill -s "$signal" "$command" 2>/dev/null
if [[ $after ]]; then
  { sleep "$after" && kill -s KILL "$command"; } >/dev/null 2>&1 &
  timer=$!
fi
wait "$command"
code=$?
kill "$timer" 2>/dev/null
if [[ $preserve ]]; then exit "$code"; fi
if [[ $signal == KILL || $signal == 9 || $code == 137 ]]; then exit 137; fi
exit 124
`;

/** Writes the programs that take the place of those that sleep; gives where they lie by name. */
export function writeSleepers(folder: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries({ sleep: SLEEP, timeout: TIMEOUT }).map(([name, script]) => {
      const path = join(folder, name);
      writeFileSync(path, script, { mode: 0o755 });
      chmodSync(path, 0o755);
      return [name, path];
    }),
  );
}
