import type { Command } from 'commander';
import { findLab, readLab } from '../labs/lab-library.ts';
import { formatProblem } from '../labs/lab-problem.ts';
import { lintLab } from '../labs/lint/lint-lab.ts';

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
        const { lab, problems } = await readLab(await findLab(name));
        const all = lab === undefined ? problems : [...problems, ...lintLab(lab)];
        for (const problem of all) {
          process.stdout.write(`${formatProblem(problem)}\n`);
          if (problem.severity === 'error') errors++;
          else warnings++;
        }
      }
      process.stdout.write(`${names.length} labs, ${errors} errors, ${warnings} smells\n`);
      process.exitCode = errors > 0 ? 2 : warnings > 0 && options.strict ? 1 : 0;
    });
}
