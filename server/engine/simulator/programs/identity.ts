import type { Program } from './program.ts';

/** The name of a user or group; the lab's images know only one. */
export const nameOf = (id: number): string => (id === 0 ? 'root' : String(id));

/** `id`, `id -u`, `id -g`, `id -un`. */
export const id: Program = async ({ argv, user, stdout }) => {
  const flags = argv.slice(1).join('');
  const shown = flags.includes('n') ? nameOf : String;
  if (flags.includes('u')) stdout(`${shown(user.uid)}\n`);
  else if (/[gG]/.test(flags)) stdout(`${shown(user.gid)}\n`);
  else {
    const full = (each: number) => (each === 0 ? '0(root)' : String(each));
    stdout(`uid=${full(user.uid)} gid=${full(user.gid)} groups=${full(user.gid)}\n`);
  }
  return 0;
};

export const whoami: Program = async ({ user, stdout, stderr }) => {
  if (user.uid === 0) stdout('root\n');
  else stderr(`whoami: unknown uid ${user.uid}\n`);
  return user.uid === 0 ? 0 : 1;
};
