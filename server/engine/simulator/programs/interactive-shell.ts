import type { Program, ProgramContext } from './program.ts';

/** Runs one line of input; gives its exit code and the folder it left the shell in. */
export type LineRunner = (
  context: ProgramContext,
  line: string,
  cwd: string,
) => Promise<{ exitCode: number; cwd: string }>;

/** `sh` on a terminal: a prompt, a line, its output, and again until `exit` or Ctrl-D. */
export function interactiveShell(runLine: LineRunner): Program {
  return async (context) => {
    let cwd = context.cwd;
    let exitCode = 0;
    const prompt = () => context.stdout(`${cwd} # `);
    prompt();
    for await (const text of context.input) {
      const line = text.trim();
      const exit = /^exit(?:\s+(\d+))?$/.exec(line);
      if (exit !== null) return Number(exit[1] ?? exitCode);
      if (line !== '') ({ exitCode, cwd } = await runLine(context, line, cwd));
      prompt();
    }
    return exitCode;
  };
}
