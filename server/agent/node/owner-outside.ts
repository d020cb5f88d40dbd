import { chownSync, statSync } from 'node:fs';
import { SHARED_FOLDER } from './node-files.ts';

/**
 * Lets whoever made the cluster open a socket of the shared folder. The folder is theirs; in the node it is seen with their number,
 * which need not be root's.
 */
export function giveToOwnerOutside(socket: string): void {
  const { uid, gid } = statSync(SHARED_FOLDER);
  chownSync(socket, uid, gid);
}
