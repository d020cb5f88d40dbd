import { id, whoami } from './identity.ts';
import { createLs } from './ls.ts';
import { mount } from './mount.ts';
import { nginx } from './nginx.ts';
import { ping } from './ping.ts';
import { type Program, pause, untilKilled } from './program.ts';
import { getent, nslookup } from './resolver.ts';
import { createApplet, createShell } from './shell.ts';
import { curl, wget } from './wget.ts';

const UNITS: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 };

/** `sleep 5`, `sleep 1m 30s`, `sleep infinity`. */
const sleep: Program = async (context) => {
  let seconds = 0;
  for (const argument of context.argv.slice(1)) {
    const match = /^(\d+(?:\.\d+)?)([smhd]?)$/.exec(argument);
    if (argument === 'infinity' || argument === 'inf') seconds = Number.POSITIVE_INFINITY;
    else if (match === null) {
      context.stderr(`sleep: invalid number '${argument}'\n`);
      return 1;
    } else seconds += Number(match[1]) * (UNITS[match[2] ?? ''] ?? 1);
  }
  if (seconds === Number.POSITIVE_INFINITY) {
    await untilKilled(context);
    return 137;
  }
  return (await pause(context, seconds * 1000)) ? 137 : 0;
};

const env: Program = async (context) => {
  for (const [name, value] of Object.entries(context.env)) context.stdout(`${name}=${value}\n`);
  return 0;
};

const hostname: Program = async (context) => {
  context.stdout(`${context.hostname}\n`);
  return 0;
};

/** `tail -f /dev/null` and the like: runs until it is stopped. Any other `tail` is the shell's. */
const forever: Program = async (context) => {
  await untilKilled(context);
  return 137;
};

/** Milliseconds in which a program that keeps everything it reads has filled a machine. */
const FILLING_TAKES = 1_000;

/** `tail /dev/zero`: keeps what it reads until there is no memory left, and is ended then. */
const memoryHog: Program = async (context) => {
  if (!(await pause(context, FILLING_TAKES))) context.exhaustMemory();
  return 137;
};

/** Programs that print as they go or know the network; inside `sh` everything else is the shell's own. */
const OWN: ReadonlyMap<string, Program> = new Map<string, Program>([
  ['ping', ping],
  ['nslookup', nslookup],
  ['getent', getent],
  ['wget', wget],
  ['curl', curl],
  ['env', env],
  ['printenv', env],
  ['sleep', sleep],
  ['hostname', hostname],
  ['id', id],
  ['whoami', whoami],
  ['ls', createLs(createApplet(new Map()))],
  ['mount', mount],
  ['nginx', nginx],
]);

/** What is there only, or otherwise, in a container. */
const ONLY_IN_CONTAINERS = new Set(['nginx', 'id', 'whoami', 'ls', 'mount']);

/** What a machine of the lab has, too, where its shell is simulated. */
export const MACHINE_PROGRAMS: ReadonlyMap<string, Program> = new Map(
  [...OWN].filter(([name]) => !ONLY_IN_CONTAINERS.has(name)),
);

const shell = createShell(OWN);
const applet = createApplet(OWN);

/** Commands of the shell that also exist as programs: they are run by a shell of one command. */
export const APPLETS: ReadonlySet<string> = new Set(
  'awk basename cat chmod cp cut date df dirname du echo expr false find free grep gunzip gzip head ln ls md5sum mkdir mount mv printf ps pwd rm rmdir sed seq sha256sum sort stat tail tar tee test top touch tr true uname uniq uptime wc whoami xargs yes'.split(
    ' ',
  ),
);

/** The program that a container's first argument names, or undefined when the image has none of that name. */
export function findProgram(argv: readonly string[]): Program | undefined {
  const path = argv[0] ?? '';
  const name = path.replace(/^\/(?:usr\/)?s?bin\//, '');
  if (name.includes('/')) return undefined;
  if (name === 'sh' || name === 'ash' || name === 'bash') return shell;
  if (name === 'tail' && argv.includes('/dev/zero')) return memoryHog;
  if (name === 'tail' && argv.includes('-f')) return forever;
  const own = OWN.get(name);
  if (own !== undefined) return own;
  return APPLETS.has(name) ? applet : undefined;
}

/** How a program that is a container's first process takes a signal: with which exit code it ends, or not at all (undefined). */
export function exitCodeOnSignal(argv: readonly string[], signal: string, init: boolean): number | undefined {
  const name = (argv[0] ?? '').replace(/^.*\//, '');
  if (signal === 'SIGKILL') return 137;
  if (name === 'nginx' && (signal === 'SIGTERM' || signal === 'SIGQUIT' || signal === 'SIGINT')) return 0;
  if (name === 'ping' && signal === 'SIGINT') return 0;
  if (!init) return undefined; // the kernel spares a first process every signal it has no handler for
  const numbers: Readonly<Record<string, number>> = {
    SIGHUP: 1,
    SIGINT: 2,
    SIGQUIT: 3,
    SIGUSR1: 10,
    SIGUSR2: 12,
    SIGTERM: 15,
  };
  const number = numbers[signal];
  return number === undefined ? undefined : 128 + number;
}
