import type { Command } from 'commander';

/** `swarmlab prepare`: makes the images that real nodes need; nothing when they are there. */
export function register(program: Command): void {
  program
    .command('prepare')
    .description('make the images that real nodes need, unless they are there')
    .action(async () => {
      const { ensureNodeImage } = await import('../clusters/images/node-image.ts');
      const { asEngineFailure, outerEngine } = await import('../clusters/outer-engine.ts');
      try {
        await ensureNodeImage(outerEngine(), (text) => process.stderr.write(`[swarmlab] ${text}\n`));
      } catch (error) {
        throw asEngineFailure(error, 'making the node image');
      }
    });
}
