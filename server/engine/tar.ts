/** A file, folder or link to be put into a tar archive. */
export type TarEntry =
  | { path: string; type: 'file'; content: Uint8Array; mode?: number; uid?: number; gid?: number }
  | { path: string; type: 'folder'; mode?: number; uid?: number; gid?: number };

const BLOCK = 512;
/** Where a header's checksum lies; it counts as blanks while being summed up. */
const CHECKSUM = { at: 148, length: 8 };

/**
 * An uncompressed POSIX (ustar) archive, as the Engine API takes build contexts and files for containers. Owner is root unless
 * said otherwise, times are zero, so that equal contents give equal bytes. Throws for a path that ustar cannot hold.
 */
export function packTar(entries: readonly TarEntry[]): Buffer {
  const blocks: Uint8Array[] = [];
  for (const entry of entries) {
    const content = entry.type === 'file' ? entry.content : new Uint8Array();
    blocks.push(header(entry, content.length), content, new Uint8Array(-content.length & (BLOCK - 1)));
  }
  return Buffer.concat([...blocks, new Uint8Array(2 * BLOCK)]);
}

function header(entry: TarEntry, size: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, at: number, length: number) =>
    block.write(`${value.toString(8).padStart(length - 1, '0')}\0`, at, 'latin1');
  const { name, prefix } = splitPath(entry.type === 'folder' ? `${entry.path.replace(/\/$/, '')}/` : entry.path);
  block.write(name, 0);
  octal(entry.mode ?? (entry.type === 'folder' ? 0o755 : 0o644), 100, 8);
  octal(entry.uid ?? 0, 108, 8);
  octal(entry.gid ?? 0, 116, 8);
  octal(size, 124, 12);
  octal(0, 136, 12);
  block.fill(' ', CHECKSUM.at, CHECKSUM.at + CHECKSUM.length);
  block.write(entry.type === 'folder' ? '5' : '0', 156);
  block.write('ustar\0' + '00', 257, 'latin1');
  block.write(prefix, 345);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, CHECKSUM.at, 'latin1');
  return block;
}

/** ustar keeps up to 100 bytes of a path, and up to 155 bytes of the folders before that. */
function splitPath(path: string): { name: string; prefix: string } {
  if (Buffer.byteLength(path) <= 100) return { name: path, prefix: '' };
  for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) {
    const name = path.slice(at + 1);
    const prefix = path.slice(0, at);
    if (name && Buffer.byteLength(name) <= 100 && Buffer.byteLength(prefix) <= 155) return { name, prefix };
  }
  throw new RangeError(`${path} is too long for a tar archive`);
}
