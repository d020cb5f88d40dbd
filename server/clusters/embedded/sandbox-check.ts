import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const TIMEOUT = 10_000;

let checked: Promise<string | undefined> | undefined;

/** Why this machine allows no sandboxes for real shells; undefined where it does. Asked once. */
export function sandboxProblem(): Promise<string | undefined> {
  checked ??= check();
  return checked;
}

async function check(): Promise<string | undefined> {
  const asUser = process.getuid?.() !== 0;
  const namespaces = ['--net', '--mount', ...(asUser ? ['--user', '--map-root-user'] : [])];
  const inside = 'ip link set lo up && mount -t tmpfs none /tmp';
  const isolation = ['--unshare-pid', '--unshare-ipc', '--unshare-uts', ...(asUser ? ['--unshare-user'] : [])];
  const sandbox = ['--ro-bind', '/usr', '/usr', '--proc', '/proc', '--dev', '/dev', '--symlink', 'usr/lib', '/lib'];
  const attempts: [what: string, file: string, args: string[]][] = [
    ['namespaces of its own', 'unshare', [...namespaces, 'sh', '-c', inside]],
    ['bubblewrap', 'bwrap', [...isolation, ...sandbox, '--symlink', 'usr/lib64', '/lib64', '--', '/usr/bin/true']],
    ['nsenter', 'nsenter', ['--version']],
    ['prlimit', 'prlimit', ['--version']],
    ['setpriv', 'setpriv', ['--version']],
  ];
  const problems = attempts.map(([what, file, args]) =>
    run(file, args, { timeout: TIMEOUT }).then(
      () => undefined,
      (error: unknown) => `${what}: ${reason(error)}`,
    ),
  );
  return (await Promise.all(problems)).find((problem) => problem !== undefined);
}

function reason(error: unknown): string {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 'not installed';
  const text =
    error instanceof Error && 'stderr' in error && typeof error.stderr === 'string' ? error.stderr.trim() : '';
  return text.split('\n').at(-1) || 'it does not work here';
}
