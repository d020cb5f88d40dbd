import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ClusterFolder, clusterNames, makePrivateFolder, stateFolder } from '../state-folder.ts';

/** Clusters that live and die with one process are kept apart from those that others may find. */
function ownersFolder(): string {
  return join(stateFolder(), 'work');
}

/** The folder of a cluster of this process alone. */
export function workFolder(name: string): ClusterFolder {
  const folder = new ClusterFolder(`${process.pid}-${name}`, ownersFolder());
  makePrivateFolder(folder.path);
  return folder;
}

/** Removes the folders of processes that have died without doing so; gives their names. */
export function collectWorkFolders(): string[] {
  return clusterNames(ownersFolder()).filter((name) => {
    if (existsSync(`/proc/${Number.parseInt(name, 10)}`)) return false;
    const folder = new ClusterFolder(name, ownersFolder());
    rmSync(folder.path, { recursive: true, force: true });
    return true;
  });
}
