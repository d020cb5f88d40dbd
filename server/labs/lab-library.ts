import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { SwarmlabError } from '../errors/swarmlab-error.ts';
import type { Lab } from './lab.ts';
import { formatProblem } from './lab-problem.ts';
import { type ParsedLab, parseLab } from './parse-lab.ts';
import { describeChoices } from './suggestion.ts';

/** The folder of the labs that come with swarmlab. */
export const LABS_FOLDER = findLabsFolder();

/** Sources lie two folders below the root, the bundle one. */
function findLabsFolder(): string {
  const candidates = ['../../labs', '../labs'].map((path) => resolve(import.meta.dirname, path));
  return candidates.find((path) => existsSync(path)) ?? candidates[0] ?? 'labs';
}

/** The names of the labs in a folder, translations (`name.es.md`) left out, in alphabetical order. */
export async function listLabs(folder = LABS_FOLDER): Promise<string[]> {
  const files = await readdir(folder).catch(() => []);
  return files.flatMap((file) => /^([a-z0-9-]+)\.md$/.exec(file)?.[1] ?? []).sort();
}

/** The path of a lab given by its name or by a path to its file. Throws SL_LAB_NOT_FOUND. */
export async function findLab(nameOrFile: string, folder = LABS_FOLDER): Promise<string> {
  if (nameOrFile.endsWith('.md') || nameOrFile.includes('/')) {
    if (existsSync(nameOrFile)) return nameOrFile;
    throw new SwarmlabError('SL_LAB_NOT_FOUND', `there is no file ${nameOrFile}`);
  }
  const file = join(folder, `${nameOrFile}.md`);
  if (existsSync(file)) return file;
  const names = await listLabs(folder);
  throw new SwarmlabError('SL_LAB_NOT_FOUND', `there is no lab called ${nameOrFile}`, {
    next: `There is ${describeChoices(nameOrFile, names)}.`,
  });
}

/** Reads a lab file; mistakes in it are in the answer. */
export async function readLab(file: string): Promise<ParsedLab> {
  return parseLab(await readFile(file, 'utf8'), file);
}

/** Reads a lab by name or path. Throws SL_LAB_NOT_FOUND, or SL_LAB_INVALID with every mistake as file:line:column. */
export async function loadLab(nameOrFile: string, folder = LABS_FOLDER): Promise<Lab> {
  const { lab, problems } = await readLab(await findLab(nameOrFile, folder));
  if (lab !== undefined) return lab;
  throw new SwarmlabError('SL_LAB_INVALID', problems.map(formatProblem).join('\n'));
}
