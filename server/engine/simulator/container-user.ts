import { EngineError } from '../engine.ts';

/** Whom a program in a container runs as. */
export interface ContainerUser {
  uid: number;
  gid: number;
}

/**
 * Reads `33`, `33:33` or `root` as containers and `docker exec --user` are given it. The lab's images have no list of users: any other
 * name is refused in the engine's words.
 */
export function containerUser(text: string | undefined): ContainerUser {
  const [user = '', group = ''] = (text ?? '').split(':');
  return { uid: idOf(user, 'user', 'passwd'), gid: idOf(group, 'group', 'group') };
}

function idOf(name: string, what: string, file: string): number {
  if (name === '' || name === 'root') return 0;
  if (/^\d{1,9}$/.test(name)) return Number(name);
  throw new EngineError(400, `unable to find ${what} ${name}: no matching entries in ${file} file`);
}
