import type { ContainerFiles } from '../container-files.ts';
import { nameOf } from './identity.ts';
import type { Program } from './program.ts';

/** Flags that are understood here: a long list, of hidden files too, of a folder itself. */
const LONG = /^-[lnaAd1]*[ln][lnaAd1]*$/;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const BITS = 'rwxrwxrwx';

/** Long lists as busybox writes them, with owners and modes as they are; everything else is `plain`'s. */
export function createLs(plain: Program): Program {
  return async (context) => {
    const flags = context.argv.slice(1).filter((word) => word.startsWith('-') && word !== '-');
    if (flags.length === 0 || !flags.every((flag) => LONG.test(flag) || /^-[aAd1]+$/.test(flag))) return plain(context);
    const set = flags.join('');
    if (!/[ln]/.test(set)) return plain(context);
    const operands = context.argv.slice(1).filter((word) => !flags.includes(word));
    const files = context.files();
    const shown = set.includes('n') ? String : nameOf;
    let missing = false;
    for (const operand of operands.length === 0 ? ['.'] : operands) {
      const path = files.resolvePath(context.cwd, operand);
      const stat = await files.lstat(path).catch(() => undefined);
      if (stat === undefined) {
        context.stderr(`ls: ${operand}: No such file or directory\n`);
        missing = true;
        continue;
      }
      if (!stat.isDirectory || set.includes('d')) {
        context.stdout(await row(files, path, operand, shown));
        continue;
      }
      if (operands.length > 1) context.stdout(`${operand}:\n`);
      const names = (await files.readdir(path)).filter((name) => /[aA]/.test(set) || !name.startsWith('.')).sort();
      const rows = await Promise.all(
        names.map((name) => row(files, files.resolvePath(path, name), name, shown).catch(() => '')),
      );
      context.stdout(`total ${rows.length * 4}\n${rows.join('')}`);
    }
    return missing ? 1 : 0;
  };
}

async function row(files: ContainerFiles, path: string, name: string, shown: (id: number) => string): Promise<string> {
  const { isDirectory, isSymbolicLink, mode, size, mtime } = await files.lstat(path);
  const { uid, gid } = files.ownerOf(path);
  const kind = isDirectory ? 'd' : isSymbolicLink ? 'l' : '-';
  const bits = [...BITS].map((bit, index) => (mode & (0o400 >> index) ? bit : '-')).join('');
  const two = (value: number) => String(value).padStart(2, '0');
  const date = `${MONTHS[mtime.getUTCMonth()]} ${String(mtime.getUTCDate()).padStart(2)} ${two(mtime.getUTCHours())}:${two(mtime.getUTCMinutes())}`;
  const owner = `${shown(uid).padEnd(8)} ${shown(gid).padEnd(8)}`;
  const target = isSymbolicLink ? ` -> ${await files.readlink(path)}` : '';
  return `${kind}${bits} ${String(isDirectory ? 2 : 1).padStart(4)} ${owner} ${String(size).padStart(9)} ${date} ${name}${target}\n`;
}
