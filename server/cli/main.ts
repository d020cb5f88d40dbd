import { Command, CommanderError } from 'commander';
import { COMMANDS } from './commands.ts';
import { reportError } from './report-error.ts';
import { VERSION } from './version.ts';

/**
 * Runs `swarmlab` with the arguments after the program's name; resolves with the exit code (0 passed, 1 failed, 2 the call or the
 * lab is wrong, 3 the infrastructure failed). Errors are told on stderr, never as a stack trace.
 */
export async function main(args: readonly string[]): Promise<number> {
  const program = new Command('swarmlab')
    .description('An exam-prep lab and grader for Docker Swarm')
    .version(VERSION)
    .showHelpAfterError(false)
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ outputError: () => undefined });
  try {
    const load = args[0] !== undefined && Object.hasOwn(COMMANDS, args[0]) ? COMMANDS[args[0]] : undefined;
    const modules = await Promise.all(load ? [load()] : Object.values(COMMANDS).map((each) => each()));
    for (const module of modules) module.register(program);
    if (args.length === 0) {
      program.outputHelp();
      return 2;
    }
    await program.parseAsync(args, { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    return reportError(error);
  }
}
