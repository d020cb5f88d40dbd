import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { SwarmlabError } from '../../errors/swarmlab-error.ts';
import { describeChoices } from '../../labs/suggestion.ts';
import { parseCsv } from './csv.ts';

/** One submission of a batch. */
export interface Entry {
  student: string;
  script: string;
  /** What the student's variables are drawn by. */
  seed: string;
}

const COLUMNS = ['student', 'script', 'seed'];

/**
 * Reads who is to be graded: a folder (each `NAME.sh` is a student's script) or a CSV file with the columns student, script (relative to
 * the file) and, if wanted, seed. Without a seed the student's name is it. SL_USAGE for what cannot be read.
 */
export async function readRoster(path: string): Promise<Entry[]> {
  const found = await stat(path).catch((cause: Error) => {
    throw rosterMistake(`the batch cannot be read: ${cause.message}`);
  });
  const entries = found.isDirectory() ? await readFolder(path) : await readFileOf(path);
  if (entries.length === 0) throw rosterMistake(`${path} names nobody to grade`);
  const names = entries.map((entry) => entry.student);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) throw rosterMistake(`${path} names ${twice} twice`);
  return entries;
}

async function readFolder(folder: string): Promise<Entry[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.sh')).sort();
  return files.map((file) => {
    const student = basename(file, '.sh');
    return { student, script: join(folder, file), seed: student };
  });
}

async function readFileOf(file: string): Promise<Entry[]> {
  const [header = [], ...rows] = parseCsv(await readFile(file, 'utf8'));
  const names = header.map((name) => name.trim().toLowerCase());
  for (const name of names)
    if (!COLUMNS.includes(name))
      throw rosterMistake(`${file}:1: there is no column ${name}; expected ${describeChoices(name, COLUMNS)}`);
  for (const needed of ['student', 'script'])
    if (!names.includes(needed)) throw rosterMistake(`${file}:1: the column ${needed} is missing`);
  return rows.map((row, index) => {
    const value = (column: string) => row[names.indexOf(column)]?.trim() ?? '';
    const student = value('student');
    const script = value('script');
    if (student === '' || script === '') throw rosterMistake(`${file}:${index + 2}: expected a student and a script`);
    return { student, script: resolve(dirname(file), script), seed: value('seed') || student };
  });
}

function rosterMistake(what: string): SwarmlabError {
  return new SwarmlabError('SL_USAGE', what, {
    next: 'A batch is a folder of NAME.sh, or a CSV file with the columns student, script and, if wanted, seed.',
  });
}
