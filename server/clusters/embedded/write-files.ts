import { mkdirSync, writeFileSync } from 'node:fs';

/** Writes the files of a node's /etc. */
export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  // Where the machine's own choice of awk, vi and the like is mounted.
  mkdirSync(`${folder}/alternatives`, { recursive: true, mode: 0o755 });
  for (const [name, text] of Object.entries(files)) writeFileSync(`${folder}/${name}`, text, { mode: 0o644 });
}
