import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { ENGINE_FOLDER, ENGINE_PID_FILE, STATE_FOLDER, STUDENT_HOME } from './node-files.ts';
import { processName } from './process-name.ts';

/** What dockerd and its containerd leave behind when their container is stopped; they refuse to start while it lies there. */
const PID_FILES: [path: string, owner: string][] = [
  [ENGINE_PID_FILE, 'dockerd'],
  ['/var/run/docker.pid', 'dockerd'],
  ['/run/docker/containerd/containerd.pid', 'containerd'],
];

const CGROUP_ROOT = '/sys/fs/cgroup';

/**
 * Makes the container fit to run an engine in: writable /sys, cgroups that can have children, no stale pid files, and a folder in
 * memory that the student cannot enter. The student's home becomes a mount of its own, through which a container that mounts it can
 * neither reach the rest of the node nor leave anything behind that makes the student root. Done again after the agent died alone, it leaves what still runs alone.
 */
export function prepareNode(log: (message: string) => void): void {
  for (const path of ['/sys', CGROUP_ROOT]) attempt(log, 'mount', ['-o', 'remount,rw', path]);
  if (existsSync(`${CGROUP_ROOT}/cgroup.controllers`)) delegateCgroups(log);
  mkdirSync(ENGINE_FOLDER, { recursive: true, mode: 0o700 });
  if (!isMountPoint(ENGINE_FOLDER)) {
    attempt(log, 'mount', ['-t', 'tmpfs', '-o', 'mode=0700,size=64m,nosuid,nodev', 'tmpfs', ENGINE_FOLDER]);
  }
  chmodSync(ENGINE_FOLDER, 0o700);
  mkdirSync(STATE_FOLDER, { recursive: true, mode: 0o700 });
  if (!isMountPoint(STUDENT_HOME)) {
    attempt(log, 'mount', ['--bind', '-o', 'nosuid,nodev,nosymfollow', STUDENT_HOME, STUDENT_HOME]);
  }
  for (const [path, owner] of PID_FILES) {
    if (existsSync(path) && processName(Number(readFileSync(path, 'utf8'))) !== owner) rmSync(path, { force: true });
  }
}

/**
 * With cgroup v2 a group that has processes of its own cannot give controllers to its children, so everything that runs moves into
 * a child first.
 */
function delegateCgroups(log: (message: string) => void): void {
  try {
    const child = `${CGROUP_ROOT}/swarmlab`;
    mkdirSync(child, { recursive: true });
    for (const pid of readFileSync(`${CGROUP_ROOT}/cgroup.procs`, 'utf8').split('\n').filter(Boolean)) {
      try {
        writeFileSync(`${child}/cgroup.procs`, pid);
      } catch {
        // It has ended meanwhile, or belongs to the kernel.
      }
    }
    const controllers = readFileSync(`${CGROUP_ROOT}/cgroup.controllers`, 'utf8').trim().split(' ');
    writeFileSync(`${CGROUP_ROOT}/cgroup.subtree_control`, controllers.map((name) => `+${name}`).join(' '));
  } catch (error) {
    log(`cgroups could not be delegated: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function isMountPoint(path: string): boolean {
  return readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .some((line) => line.split(' ')[1] === path);
}

function attempt(log: (message: string) => void, command: string, args: string[]): void {
  try {
    execFileSync(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  } catch (error) {
    log(`${command} ${args.join(' ')}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
