import type { Program } from './program.ts';

/** `mount` without anything to mount: what is mounted. A container may not mount more. */
export const mount: Program = async ({ argv, files, stdout, stderr }) => {
  if (argv.length > 1) {
    stderr('mount: permission denied (are you root?)\n');
    return 1;
  }
  const table = await files().readFile('/proc/mounts');
  for (const line of table.split('\n').filter(Boolean)) {
    const [device, target, type, options] = line.split(' ');
    stdout(`${device} on ${target} type ${type} (${options})\n`);
  }
  return 0;
};
