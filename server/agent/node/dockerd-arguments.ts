import type { AgentConfig } from '../agent-config.ts';

/** Nothing listens there: a pull from the public registry fails at once where there is no internet, instead of after a minute. */
const NO_MIRROR = 'http://127.0.0.1:9';

/** dockerd's arguments for this node: names are asked of the node's agent, and pulls that cannot work fail fast. */
export function dockerdArguments(config: AgentConfig): string[] {
  return [
    ...['--dns', config.address, '--registry-mirror', NO_MIRROR],
    ...config.engine.insecureRegistries.flatMap((registry) => ['--insecure-registry', registry]),
    ...config.engine.args,
  ];
}
