import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import { SwarmlabError } from '../errors/swarmlab-error.ts';
import { renderLab } from '../labs/import/imported-lab.ts';
import { readKillercoda } from '../labs/import/killercoda.ts';
import { readPlayWithDocker } from '../labs/import/play-with-docker.ts';
import { formatProblem } from '../labs/lab-problem.ts';
import { lintLab } from '../labs/lint/lint-lab.ts';
import { parseLab } from '../labs/parse-lab.ts';
import { writeOutputFile } from './output-file.ts';
import { parseCall } from './parse-call.ts';

const importOptions = z.object({ out: z.string().optional() });

/** `swarmlab import`: makes a lab of a Killercoda scenario or of a Play with Docker post. */
export function register(program: Command): void {
  program
    .command('import')
    .description(
      'make a lab of a Killercoda scenario (a folder with index.json) or of a Play with Docker post (a Markdown file)',
    )
    .argument('<source>', 'the folder or the file')
    .option('--out <file>', 'the lab file to write; named after the source when left out')
    .action(async (source: string, options: unknown) => {
      const call = parseCall(importOptions, options);
      const found = await stat(source).catch((cause: Error) => {
        throw new SwarmlabError('SL_USAGE', `${source} cannot be read: ${cause.message}`, {
          next: 'Name a folder with index.json or a Markdown file.',
        });
      });
      const imported = found.isDirectory() ? await readKillercoda(source) : await readPlayWithDocker(source);
      const file = call.out ?? `${nameFor(source)}.md`;
      const text = renderLab(imported);
      await writeOutputFile(file, text, { fresh: true });
      const { lab, problems } = parseLab(text, file);
      const smells = lab === undefined ? [] : lintLab(lab);
      const say = (line: string) => process.stdout.write(`${line}\n`);
      say(`${file} is written: ${imported.steps.length} steps`);
      say('To look at, in what was imported:');
      for (const { where, what } of imported.remarks) say(`  ${where}: ${what}`);
      say('To look at, in the lab:');
      for (const problem of [...problems, ...smells]) say(`  ${formatProblem(problem)}`);
    });
}

/** A name that a lab may have. */
function nameFor(source: string): string {
  const name = basename(resolve(source))
    .replace(/\.\w+$/, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '');
  return name === '' ? 'imported' : name;
}
