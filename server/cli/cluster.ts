import type { Command } from 'commander';

/** `swarmlab cluster`: make clusters, run commands in their nodes, remove them. */
export function register(program: Command): void {
  const cluster = program.command('cluster').description('make clusters, run commands in their nodes, remove them');
  cluster
    .command('up')
    .description('make a cluster of four nodes and wait until all are ready')
    .argument('<name>', 'what the cluster is to be called')
    .option(
      '--nodes <kind>',
      'dind (real engines), embedded (simulated), or auto: dind where a Docker engine answers',
      'auto',
    )
    .option('--orchestrator <which>', "builtin, or swarm: a real one of the nodes' own engines", 'builtin')
    .option('--subnet <cidr>', 'the subnet of the nodes (default: the first free from 10.10.10.0/24 on)')
    .option('--images-on <nodes>', "nodes that have the lab's images, separated by commas (default: all)")
    .option('--registry', 'turn the registry of the cluster on')
    .option('--json', 'print the cluster as JSON')
    .action(async (name: string, options: unknown) => (await import('./cluster-up.ts')).clusterUp(name, options));
  cluster
    .command('exec')
    .description('run a command in a node as the student would')
    .argument('<name>', 'the cluster')
    .argument('<node>', 'master, worker1, worker2 or registry')
    .argument('<command...>', 'the command and its arguments, after --')
    .passThroughOptions()
    .action(async (name: string, node: string, command: string[]) => {
      process.exitCode = await (await import('./cluster-exec.ts')).clusterExec(name, node, command);
    });
  cluster
    .command('ls')
    .description('list the clusters')
    .option('--json', 'print them as JSON')
    .action(async (options: unknown) => (await import('./cluster-ls.ts')).clusterLs(options));
  cluster
    .command('down')
    .description('remove a cluster and everything of it')
    .argument('<name>', 'the cluster')
    .action(async (name: string) => (await import('./cluster-down.ts')).clusterDown(name));
}
