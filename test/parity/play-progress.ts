import { inTerminal, PROGRESS_COMMANDS } from './progress-commands.ts';
import { type ProgressRow, progressRows } from './progress-rows.ts';
import { clean, type Stage } from './replay.ts';

/** Plays every command that draws progress in a terminal of the first node; gives the rows of each, by the command's name. */
export async function playProgress(stage: Stage): Promise<Map<string, ProgressRow[]>> {
  await clean(stage);
  const drawn = new Map<string, ProgressRow[]>();
  for (const { name, before, command } of PROGRESS_COMMANDS) {
    if (before !== undefined) await stage.run('master', before);
    const { out } = await stage.run('master', inTerminal(command));
    drawn.set(name, progressRows(out));
  }
  await clean(stage);
  return drawn;
}
