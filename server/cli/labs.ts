import type { Command } from 'commander';
import type { Lab } from '../labs/lab.ts';
import { findLab, listLabs, readLab, translationsOf } from '../labs/lab-library.ts';
import { formatProblem } from '../labs/lab-problem.ts';
import { printTable } from './output.ts';

/** `swarmlab labs`: the labs that come with swarmlab. */
export function register(program: Command): void {
  program
    .command('labs')
    .description('list the labs')
    .action(async () => {
      const rows: string[][] = [];
      for (const name of await listLabs()) {
        const { lab, problems } = await readLab(await findLab(name));
        rows.push(
          lab === undefined
            ? [name, '', '', '', problems[0] === undefined ? 'broken' : formatProblem(problems[0])]
            : [name, String(lab.steps.length), `${lab.minutes} min`, await languages(lab), lab.title],
        );
      }
      printTable(['LAB', 'STEPS', 'TIME', 'ALSO IN', 'TITLE'], rows);
    });
}

const languages = async (lab: Lab) => [...(await translationsOf(lab)).keys()].join(' ');
