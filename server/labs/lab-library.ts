import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { SwarmlabError } from '../errors/swarmlab-error.ts';
import type { Lab } from './lab.ts';
import { formatProblem } from './lab-problem.ts';
import { MAX_BYTES, type ParsedLab, parseLab } from './parse-lab.ts';
import { readText } from './read-text.ts';
import { describeChoices } from './suggestion.ts';
import { languageOf, type ParsedTranslation, parseTranslation } from './translation/parse-translation.ts';
import type { Translation } from './translation/translation.ts';

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

const readLabText = (file: string) => readText(file, MAX_BYTES, 'the lab');

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

/** Reads a lab file; mistakes in it are in the answer. Of a translation it gives the lab that is translated, with the mistakes of both. */
export async function readLab(file: string): Promise<ParsedLab> {
  if (languageOf(file) === undefined) return parseLab(await readLabText(file), file);
  const { original, parsed } = await readTranslation(file);
  const problems = [...original.problems, ...parsed.problems];
  return { lab: parsed.translation === undefined ? undefined : original.lab, problems };
}

/** Reads a translation and the lab beside it that it translates. Throws SL_LAB_NOT_FOUND when there is none. */
export async function readTranslation(file: string): Promise<{ original: ParsedLab; parsed: ParsedTranslation }> {
  const name = basename(file).replace(/\..*$/, '');
  const translated = join(dirname(file), `${name}.md`);
  if (!existsSync(translated))
    throw new SwarmlabError('SL_LAB_NOT_FOUND', `${file} translates ${translated}, which is not there`);
  const original = parseLab(await readLabText(translated), translated);
  if (original.lab === undefined) return { original, parsed: { translation: undefined, problems: [] } };
  return { original, parsed: parseTranslation(await readLabText(file), file, original.lab) };
}

/** The translations that lie beside a lab's file, by language; one with mistakes is left out here, `swarmlab lint` tells why. */
export async function translationsOf(lab: Lab): Promise<ReadonlyMap<string, Translation>> {
  const folder = dirname(lab.file);
  const files = (await readdir(folder).catch(() => [])).filter((file) => file.startsWith(`${lab.name}.`)).sort();
  const found = new Map<string, Translation>();
  for (const file of files) {
    const language = languageOf(file);
    if (language === undefined) continue;
    const path = join(folder, file);
    const { translation } = parseTranslation(await readLabText(path), path, lab);
    if (translation !== undefined) found.set(language, translation);
  }
  return found;
}

/** Reads a lab by name or path. Throws SL_LAB_NOT_FOUND, or SL_LAB_INVALID with every mistake as file:line:column. */
export async function loadLab(nameOrFile: string, folder = LABS_FOLDER): Promise<Lab> {
  const { lab, problems } = await readLab(await findLab(nameOrFile, folder));
  if (lab !== undefined) return lab;
  throw new SwarmlabError('SL_LAB_INVALID', problems.map(formatProblem).join('\n'));
}
