import { watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Disposable } from '../clock/clock.ts';
import { SwarmlabError } from '../errors/swarmlab-error.ts';
import { reportStep } from '../grading/report/sum-up.ts';
import { prettyStep } from '../grading/reporters/pretty.ts';
import type { Lab } from '../labs/lab.ts';
import { loadLab, readLab } from '../labs/lab-library.ts';
import { formatProblem } from '../labs/lab-problem.ts';
import { lintLab } from '../labs/lint/lint-lab.ts';
import type { Workspace } from '../workspaces/workspace.ts';
import type { Workspaces } from '../workspaces/workspaces.ts';
import { serve } from './serve-command.ts';

/** Editors save in several steps: what happens within this time is one change. */
const SETTLES = 100;

/** Serves a lab that is being written; every time its file is saved it is read again, and judged on the cluster as it stands. */
export async function dev(file: string, options: object): Promise<void> {
  let lab = await loadLab(file);
  tellProblems(lab);
  await serve(
    { ...options, host: '127.0.0.1' },
    {
      database: 'dev.db',
      labs: {
        names: async () => [lab.name],
        load: async (name) => {
          if (name !== lab.name) throw new SwarmlabError('SL_LAB_NOT_FOUND', `only ${lab.name} is being written`);
          return lab;
        },
      },
      begun: async (workspaces, user) => {
        // The cluster comes up while the author still reads.
        await workspaces.start(user, lab.name, undefined);
        say(`${file} is shown on the page; save it to see it change.`);
        return onSave(lab.file, async () => {
          const read = await reread(lab.file);
          if (read === undefined) return;
          lab = read;
          await takeIn(lab, workspaces);
        });
      },
    },
  );
}

/** The lab as it is now; undefined where it has mistakes, which are told. */
async function reread(file: string): Promise<Lab | undefined> {
  try {
    const { lab, problems } = await readLab(file);
    if (lab !== undefined) return lab;
    for (const problem of problems) say(formatProblem(problem));
    say('The page keeps what it had.');
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
  }
  return undefined;
}

async function takeIn(lab: Lab, workspaces: Workspaces): Promise<void> {
  const concerned = await workspaces.replaceLab(lab);
  say(`${lab.file} is read again.`);
  tellProblems(lab);
  for (const workspace of concerned) await tellVerdicts(workspace);
}

async function tellVerdicts({ steps }: Workspace): Promise<void> {
  for (const verdict of await steps.glance()) for (const line of prettyStep(reportStep(verdict, []))) say(line);
}

function tellProblems(lab: Lab): void {
  for (const problem of lintLab(lab)) say(formatProblem(problem));
}

/** Calls back after a file was saved, one change at a time. The folder is watched: editors put a new file in the place of the old one. */
function onSave(file: string, changed: () => Promise<void>): Disposable {
  let timer: NodeJS.Timeout | undefined;
  let working = Promise.resolve();
  const watcher = watch(dirname(file), (_event, name) => {
    if (name !== basename(file)) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      working = working.then(changed).catch((error: Error) => say(error.message));
    }, SETTLES);
  });
  return {
    dispose: () => {
      clearTimeout(timer);
      watcher.close();
    },
  };
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
