import type { FileEntry } from '../../server/files/protocol.ts';

/** A line of the tree of files. */
export interface TreeLine {
  entry: FileEntry;
  name: string;
  /** 1 in the home folder itself. */
  level: number;
  /** For folders. */
  open: boolean;
}

/**
 * The entries as lines of a tree, folders before files, what lies in a closed folder left out. Names that begin with a dot are left out
 * unless they are asked for.
 */
export function treeLines(
  entries: readonly FileEntry[],
  options: { open: ReadonlySet<string>; hidden: boolean },
): TreeLine[] {
  const children = new Map<string, FileEntry[]>();
  for (const entry of entries) {
    if (!options.hidden && nameOf(entry.path).startsWith('.')) continue;
    const folder = folderOf(entry.path);
    const siblings = children.get(folder);
    if (siblings === undefined) children.set(folder, [entry]);
    else siblings.push(entry);
  }
  const lines: TreeLine[] = [];
  const add = (folder: string, level: number) => {
    for (const entry of (children.get(folder) ?? []).sort(foldersFirst)) {
      const open = entry.kind === 'folder' && options.open.has(entry.path);
      lines.push({ entry, name: nameOf(entry.path), level, open });
      if (open) add(entry.path, level + 1);
    }
  };
  add('', 1);
  return lines;
}

/** The last part of a path: what something is called in its folder. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The folder that something lies in; empty for the home folder. */
export function folderOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
}

function foldersFirst(a: FileEntry, b: FileEntry): number {
  if ((a.kind === 'folder') !== (b.kind === 'folder')) return a.kind === 'folder' ? -1 : 1;
  return nameOf(a.path).localeCompare(nameOf(b.path), 'en', { numeric: true });
}
