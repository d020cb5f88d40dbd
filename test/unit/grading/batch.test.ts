import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { formatCsv, parseCsv } from '../../../server/grading/batch/csv.ts';
import { readRoster } from '../../../server/grading/batch/roster.ts';
import { batchCsv, batchExitCode, runBatch } from '../../../server/grading/batch/run-batch.ts';

/** A folder with these files. */
function folderOf(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'roster-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

describe('a roster', () => {
  test('is a folder of scripts, named after the students', async () => {
    const folder = folderOf({ 'bob.sh': '', 'ann.sh': '', 'notes.txt': '' });
    expect(await readRoster(folder)).toEqual([
      { student: 'ann', script: join(folder, 'ann.sh'), seed: 'ann' },
      { student: 'bob', script: join(folder, 'bob.sh'), seed: 'bob' },
    ]);
  });

  test('is a CSV file whose scripts lie beside it', async () => {
    const folder = folderOf({ 'class.csv': '\uFEFFstudent,script,seed\r\n"Doe, Jane",jane.sh,7\nBob,b/bob.sh,\n' });
    expect(await readRoster(join(folder, 'class.csv'))).toEqual([
      { student: 'Doe, Jane', script: join(folder, 'jane.sh'), seed: '7' },
      { student: 'Bob', script: join(folder, 'b/bob.sh'), seed: 'Bob' },
    ]);
  });

  test.each([
    ['student,scrpt\na,b', ':1: there is no column scrpt; expected `script`'],
    ['student,seed\na,b', ':1: the column script is missing'],
    ['student,script\na,', ':2: expected a student and a script'],
    ['student,script\na,b\na,c', 'names a twice'],
    ['student,script\n', 'names nobody'],
  ])('%j is refused by line', async (text, message) => {
    await expect(readRoster(join(folderOf({ 'class.csv': text }), 'class.csv'))).rejects.toThrow(message);
  });
});

test('CSV comes back as it was written, and holds no formulas', () => {
  const rows = [['a,b', 'say "hi"', 'two\nlines', 'plain']];
  expect(parseCsv(formatCsv(rows))).toEqual(rows);
  expect(formatCsv([['=1+1', -5, '@x']])).toBe("'=1+1,-5,'@x\n");
});

test('a batch works on so many at a time, keeps the order, and ends as badly as its worst', async () => {
  const entries = ['a', 'b', 'c', 'd'].map((student) => ({ student, script: `${student}.sh`, seed: student }));
  let running = 0;
  let most = 0;
  const results = await runBatch(entries, {
    parallel: 2,
    now: () => 0,
    gradeOne: async ({ student }) => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      return { exitCode: student === 'c' ? 1 : 0, report: undefined, reason: student === 'c' ? 'late' : '' };
    },
    onResult: () => {},
  });
  expect(most).toBe(2);
  expect(batchCsv(results, ['one'])).toBe(
    'student,outcome,earned,possible,unobservable,one,seed,seconds,reason\na,passed,0,0,0,,a,0,\nb,passed,0,0,0,,b,0,\nc,failed,0,0,0,,c,0,late\nd,passed,0,0,0,,d,0,\n',
  );
  expect(batchExitCode(results)).toBe(1);
});
