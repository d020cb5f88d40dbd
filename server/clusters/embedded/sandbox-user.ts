import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ClusterFolder, makePrivateFolder, stateFolder } from '../state-folder.ts';

/** Where the users of sandboxes begin: beyond those of any machine, and below what user namespaces are given. */
const FIRST_UID = 70_000;
const UIDS = 20_000;

/** A user of this machine that no program but the shells of one cluster runs as, so that its limits count for them alone. */
export interface SandboxUser {
  uid: number;
  /** Lets another cluster have it. */
  release(): void;
}

/** Takes a user for the cluster in this folder; the same one again when the cluster is taken up anew. */
export function takeSandboxUser({ path: cluster }: ClusterFolder): SandboxUser {
  const folder = makePrivateFolder(join(stateFolder(), 'users'));
  const start = [...cluster].reduce((hash, character) => (hash * 31 + character.charCodeAt(0)) % UIDS, 0);
  for (let step = 0; step < UIDS; step++) {
    const uid = FIRST_UID + ((start + step) % UIDS);
    const path = join(folder, String(uid));
    if (claim(path, cluster)) return { uid, release: () => rmSync(path, { force: true }) };
  }
  throw new Error('every user for embedded clusters is taken');
}

function claim(path: string, cluster: string): boolean {
  try {
    writeFileSync(path, cluster, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  const owner = readFileSync(path, 'utf8');
  if (owner !== cluster && existsSync(owner)) return false;
  writeFileSync(path, cluster, { mode: 0o600 });
  return true;
}
