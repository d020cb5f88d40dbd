import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runQuietly } from './run.mjs';

const ROOT = '/sys/fs/cgroup';

/**
 * Mounts control groups where the machine has none mounted, as small virtual machines and containers do: version 2 if the kernel has
 * controllers for it, else each controller of version 1. dockerd does not start without. Whatever cannot be mounted is left.
 */
export function mountCgroups() {
  if (isMounted()) return;
  const controllers = v1Controllers();
  if (controllers.length === 0) return attempt('-t', 'cgroup2', 'cgroup2', ROOT);
  attempt('-t', 'tmpfs', '-o', 'mode=755', 'cgroup', ROOT);
  for (const name of controllers) {
    const folder = join(ROOT, name);
    mkdirSync(folder, { recursive: true });
    attempt('-t', 'cgroup', '-o', name, 'cgroup', folder);
  }
}

function isMounted() {
  try {
    return readdirSync(ROOT).length > 0;
  } catch {
    return true;
  }
}

/** Controllers that are bound to a hierarchy of version 1, or to none and not taken by version 2. */
function v1Controllers() {
  const [, ...lines] = readFileSync('/proc/cgroups', 'utf8').trim().split('\n');
  const enabled = lines.map((line) => line.split('\t')).filter(([, , , on]) => on === '1');
  return enabled.length > 0 && enabled.every(([, hierarchy]) => hierarchy === '0') && hasV2()
    ? []
    : enabled.map(([name]) => name);
}

function hasV2() {
  return readFileSync('/proc/filesystems', 'utf8').includes('cgroup2');
}

function attempt(...args) {
  try {
    runQuietly('mount', args);
  } catch {
    // dockerd will say what it lacks.
  }
}
