import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync, statfsSync } from 'node:fs';
import { createServer } from 'node:net';
import { freemem, totalmem } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { sandboxProblem } from '../embedded/sandbox-check.ts';
import { missingCapabilities } from '../provisioning/privileges.ts';
import { stateFolder } from '../state-folder.ts';
import type { Finding } from './finding.ts';

const OLDEST_NODE = [20, 19] as const;
const GIB = 1024 ** 3;
/** A cluster of four idle nodes, measured; the images beside it are counted once. */
const MEMORY_OF_A_CLUSTER = 0.8 * GIB;
const DISK_WANTED = 3 * GIB;
const DEFAULT_PORT = 8080;

/** What this machine can do by itself, with or without a Docker engine. */
export async function machineFindings(): Promise<Finding[]> {
  return [
    nodeVersion(),
    capabilities(),
    cgroups(),
    userNamespaces(),
    ipvs(),
    await port(DEFAULT_PORT),
    disk(),
    memory(),
    program(
      'docker',
      'docker',
      'the docker client on this machine',
      'clusters work without; you cannot look at them from outside',
    ),
    await sandboxes(),
    program('chromium', 'chromium', 'tests in a browser', '`npm test` cannot run those in a browser'),
  ];
}

function nodeVersion(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const enough = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
  const found = { subject: 'Node.js', found: process.versions.node };
  if (enough) return { ...found, state: 'ok' };
  return {
    ...found,
    state: 'missing',
    follows: 'swarmlab does not run',
    remedy: `Install ${OLDEST_NODE.join('.')} or newer.`,
  };
}

function capabilities(): Finding {
  const missing = missingCapabilities();
  if (missing.length === 0) return { subject: 'capabilities', state: 'ok', found: 'all' };
  return {
    subject: 'capabilities',
    state: 'limited',
    found: `without ${missing.join(', ')}`,
    follows: '--privileged fails here; nodes are started with every other capability instead, which does as well',
  };
}

function cgroups(): Finding {
  const unified = existsSync('/sys/fs/cgroup/cgroup.controllers');
  if (unified) return { subject: 'cgroups', state: 'ok', found: 'v2' };
  if (existsSync('/sys/fs/cgroup/memory')) return { subject: 'cgroups', state: 'ok', found: 'v1' };
  return {
    subject: 'cgroups',
    state: 'missing',
    found: 'none mounted at /sys/fs/cgroup',
    follows: 'a Docker engine cannot start containers here; nodes are embedded',
  };
}

function userNamespaces(): Finding {
  const works = spawnSync('unshare', ['--user', '--map-root-user', 'true'], { stdio: 'ignore' }).status === 0;
  if (works) return { subject: 'user namespaces', state: 'ok', found: 'available' };
  return {
    subject: 'user namespaces',
    state: 'limited',
    found: 'refused',
    follows: 'shells of embedded nodes cannot be shut in by an ordinary user',
    remedy: 'sysctl kernel.unprivileged_userns_clone=1 (and kernel.apparmor_restrict_unprivileged_userns=0 on Ubuntu)',
  };
}

async function sandboxes(): Promise<Finding> {
  const problem = await sandboxProblem();
  const subject = 'shells of embedded nodes';
  if (problem === undefined) return { subject, state: 'ok', found: 'real ones, in sandboxes' };
  return {
    subject,
    state: 'limited',
    found: `no sandbox: ${problem}`,
    follows: 'they are simulated, around the real docker client',
    remedy: 'Install bubblewrap, and allow user namespaces.',
  };
}

function ipvs(): Finding {
  const there = existsSync('/proc/net/ip_vs') || moduleIsThere('ip_vs');
  if (there) return { subject: 'IPVS', state: 'ok', found: 'in the kernel' };
  return {
    subject: 'IPVS',
    state: 'limited',
    found: 'not in the kernel',
    follows: 'with --orchestrator swarm published ports answer nobody; the builtin orchestrator does not need it',
  };
}

function moduleIsThere(name: string): boolean {
  return spawnSync('modprobe', ['--dry-run', '--quiet', name], { stdio: 'ignore' }).status === 0;
}

async function port(number: number): Promise<Finding> {
  const free = await new Promise<boolean>((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(number, '127.0.0.1', () => server.close(() => resolve(true)));
  });
  const subject = `port ${number}`;
  if (free) return { subject, state: 'ok', found: 'free' };
  return {
    subject,
    state: 'limited',
    found: 'taken',
    follows: '`serve` cannot use its usual port',
    remedy: 'serve --port 8081',
  };
}

function disk(): Finding {
  const folder = nearestThere(stateFolder());
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  const found = `${(free / GIB).toFixed(1)} GiB free at ${folder}`;
  if (free >= DISK_WANTED) return { subject: 'disk', state: 'ok', found };
  return {
    subject: 'disk',
    state: 'limited',
    found,
    follows: 'the images and a cluster may not fit',
    remedy: 'Free some space; `swarmlab gc` removes what no cluster needs.',
  };
}

function nearestThere(path: string): string {
  return existsSync(path) ? path : nearestThere(dirname(path));
}

function memory(): Finding {
  const available = availableMemory();
  const found = `${(available / GIB).toFixed(1)} of ${(totalmem() / GIB).toFixed(1)} GiB free`;
  if (available >= MEMORY_OF_A_CLUSTER) return { subject: 'memory', state: 'ok', found };
  return { subject: 'memory', state: 'limited', found, follows: 'a cluster of real nodes takes some 0.8 GiB' };
}

function availableMemory(): number {
  try {
    const kib = /^MemAvailable:\s+(\d+) kB$/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1];
    return kib === undefined ? freemem() : Number(kib) * 1024;
  } catch {
    return freemem();
  }
}

function program(subject: string, name: string, use: string, follows: string): Finding {
  const folder = (process.env.PATH ?? '').split(delimiter).find((each) => isExecutable(join(each, name)));
  if (folder !== undefined) return { subject, state: 'ok', found: join(folder, name) };
  return { subject, state: 'limited', found: 'not installed', follows, remedy: `Install it: ${use}.` };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
