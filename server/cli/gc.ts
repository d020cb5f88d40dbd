import type { Command } from 'commander';

/** `swarmlab gc`: removes what no cluster needs. */
export function register(program: Command): void {
  program
    .command('gc')
    .description('remove what no cluster needs: leftovers on the engine, unfinished clusters, old images')
    .action(async () => {
      const { collectGarbage } = await import('../clusters/collect-garbage.ts');
      const { asEngineFailure, engineAnswers, outerEngine } = await import('../clusters/outer-engine.ts');
      const engine = (await engineAnswers()) ? outerEngine() : undefined;
      const removed = await collectGarbage(engine).catch((error: unknown) => {
        throw asEngineFailure(error, 'collecting garbage');
      });
      for (const line of removed) process.stdout.write(`removed ${line}\n`);
      if (removed.length === 0) process.stdout.write('nothing to remove\n');
    });
}
