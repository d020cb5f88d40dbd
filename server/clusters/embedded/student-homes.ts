import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Bytes that a student's files on one node may take. */
const HOME_LIMIT = 64 * 1024 * 1024;
/** Files and folders that there may be of them. */
const HOME_FILES = 8192;

const MOUNT = `
  options=$1 uid=$2; shift 2
  for home; do
    mountpoint -q "$home" || mount -t tmpfs -o "$options" swarmlab-home "$home" || exit 1
    chown "$uid:$uid" "$home"
  done`;
const UNMOUNT = 'for home; do umount -l "$home"; done 2>/dev/null; true';

/** Makes the homes of a student on several nodes. Root gives each a file system of its own, so that a full one harms nobody else. */
export async function makeHomes(homes: readonly string[], uid: number | undefined): Promise<void> {
  for (const home of homes) mkdirSync(home, { recursive: true, mode: 0o755 });
  if (uid === undefined) return;
  const options = `size=${HOME_LIMIT},nr_inodes=${HOME_FILES},mode=0755,nosuid,nodev`;
  await run('sh', ['-c', MOUNT, 'sh', options, String(uid), ...homes]);
}

/** Takes away what `makeHomes` has mounted. */
export async function unmountHomes(homes: readonly string[], uid: number | undefined): Promise<void> {
  if (uid !== undefined) await run('sh', ['-c', UNMOUNT, 'sh', ...homes]);
}
