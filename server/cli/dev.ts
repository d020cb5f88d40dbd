import type { Command } from 'commander';

/** `swarmlab dev`: the page with one lab that is being written. */
export function register(program: Command): void {
  program
    .command('dev')
    .description(
      'write a lab: one cluster stays, and whenever the file is saved the page shows it and its checks look at the cluster',
    )
    .argument('<lab>', 'the lab file')
    .option('--nodes <kind>', 'dind (real engines), embedded (simulated), or auto', 'auto')
    .option('--orchestrator <which>', "builtin, or swarm: a real one of the nodes' own engines", 'builtin')
    .option('--port <number>', 'the port to listen on', '8080')
    .action(async (lab: string, options: object) => (await import('./dev-command.ts')).dev(lab, options));
}
