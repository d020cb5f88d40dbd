import { parse } from 'just-bash';
import type { Program, ProgramContext } from './program.ts';

/** What a line of input has left the shell in. */
export interface LineResult {
  exitCode: number;
  cwd: string;
  env: Readonly<Record<string, string>>;
}

/** Runs one line of input, in the folder and with the variables of its context. */
export type LineRunner = (context: ProgramContext, line: string) => Promise<LineResult>;

/** `sh` on a terminal: a prompt, a line, its output, and again until `exit` or Ctrl-D. */
export function interactiveShell(
  runLine: LineRunner,
  promptOf: (cwd: string) => string = (cwd) => `${cwd} # `,
): Program {
  return async (context) => {
    let { cwd, env } = context;
    let exitCode = 0;
    let unfinished = '';
    const prompt = () => context.stdout(unfinished === '' ? promptOf(cwd) : '> ');
    prompt();
    for await (const text of context.input) {
      const line = `${unfinished}${text.replace(/\n$/, '')}`;
      unfinished = text !== INTERRUPTED && isUnfinished(line) ? `${line}\n` : '';
      const exit = /^\s*exit(?:\s+(\d+))?\s*$/.exec(line);
      if (exit !== null) return Number(exit[1] ?? exitCode);
      if (unfinished === '' && text !== INTERRUPTED && line.trim() !== '')
        ({ exitCode, cwd, env } = await runLine({ ...context, cwd, env }, line));
      prompt();
    }
    return exitCode;
  };
}

/** What the shell reads when its user has pressed Ctrl-C at the prompt: the line so far is forgotten. */
export const INTERRUPTED = '\u0003';

/** Whether a shell would ask for more: a quote, a loop or the like is still open. */
function isUnfinished(line: string): boolean {
  if (/(^|[^\\])\\$|(\||&&)\s*$/.test(line)) return true;
  const delimiter = /<<-?\s*['"]?(\w+)['"]?/.exec(line)?.[1];
  if (
    delimiter !== undefined &&
    !line
      .split('\n')
      .slice(1)
      .some((each) => each.trim() === delimiter)
  )
    return true;
  try {
    parse(line);
    return false;
  } catch (error) {
    return error instanceof Error && /got EOF|unexpected EOF/.test(error.message);
  }
}
