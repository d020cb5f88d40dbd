import type { Command } from 'commander';
import { findLab, readLab, readTranslation } from '../labs/lab-library.ts';
import { formatProblem, type LabProblem } from '../labs/lab-problem.ts';
import { lintLab } from '../labs/lint/lint-lab.ts';
import { lintTranslation } from '../labs/lint/lint-translation.ts';
import { languageOf } from '../labs/translation/parse-translation.ts';

/** `swarmlab lint`: mistakes and smells of lab files, each with its place. */
export function register(program: Command): void {
  program
    .command('lint')
    .description('look for mistakes and smells in lab files')
    .argument('<labs...>', 'names of labs or paths of their files')
    .option('--strict', 'fail for smells, too')
    .action(async (names: string[], options: { strict?: boolean }) => {
      let errors = 0;
      let warnings = 0;
      for (const name of names) {
        for (const problem of await problemsOf(await findLab(name))) {
          process.stdout.write(`${formatProblem(problem)}\n`);
          if (problem.severity === 'error') errors++;
          else warnings++;
        }
      }
      process.stdout.write(`${names.length} labs, ${errors} errors, ${warnings} smells\n`);
      process.exitCode = errors > 0 ? 2 : warnings > 0 && options.strict ? 1 : 0;
    });
}

/** Mistakes, and smells where there are none. Of a translation only its own: those of the original are told of that. */
async function problemsOf(file: string): Promise<LabProblem[]> {
  if (languageOf(file) === undefined) {
    const { lab, problems } = await readLab(file);
    return lab === undefined ? problems : [...problems, ...lintLab(lab)];
  }
  const { original, parsed } = await readTranslation(file);
  if (original.lab === undefined) return original.problems;
  if (parsed.translation === undefined) return parsed.problems;
  return [...parsed.problems, ...lintTranslation(original.lab, parsed.translation)];
}
