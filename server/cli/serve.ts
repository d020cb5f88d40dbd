import type { Command } from 'commander';

/** `swarmlab serve`: the page. */
export function register(program: Command): void {
  program
    .command('serve')
    .description('serve the page: labs, terminals, the live cluster, grading')
    .option('--nodes <kind>', 'dind (real engines), embedded (simulated), or auto', 'auto')
    .option('--orchestrator <which>', "builtin, or swarm: a real one of the nodes' own engines", 'builtin')
    .option('--port <number>', 'the port to listen on', '8080')
    .option(
      '--host <address>',
      'the address to listen on; others than loopback need --tls or --public-url',
      '127.0.0.1',
    )
    .option('--tls <cert,key>', 'files with the certificate chain and its key')
    .option('--public-url <url>', 'how browsers reach the server, when a proxy stands before it')
    .option('--trusted-proxy <addresses>', 'proxies whose X-Forwarded-For is believed, separated by commas')
    .option('--labs <folder>', 'another folder of labs')
    .action(async (options: unknown) => (await import('./serve-command.ts')).serve(options));
}
