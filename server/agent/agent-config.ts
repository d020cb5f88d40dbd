import { readFileSync } from 'node:fs';
import { z } from 'zod';

const peer = z.object({ name: z.string(), hostname: z.string(), address: z.ipv4() });

/** What provisioning writes into a node for its agent, as JSON. */
export const agentConfig = z
  .object({
    cluster: z.string().min(1),
    node: z.string().min(1),
    hostname: z.string().min(1),
    /** The node's own address on the cluster's network. */
    address: z.ipv4(),
    orchestrator: z.enum(['builtin', 'swarm']),
    /** Proves to the cluster host that this is the node it says it is. */
    credential: z.string().min(1),
    /** `ws://ADDRESS:PORT`, the cluster host on the cluster's own network. Absent where a real Swarm orchestrates. */
    hostUrl: z.url({ protocol: /^wss?$/ }).optional(),
    hostSocket: z.string().default('/run/swarmlab-host/host.sock'),
    /** Names that resolve inside the cluster without any internet, to their addresses. */
    dns: z.object({ records: z.record(z.string(), z.array(z.ipv4())).default({}) }).prefault({}),
    peers: z.array(peer).default([]),
    engine: z
      .object({
        /** Further arguments of dockerd. */
        args: z.array(z.string()).default([]),
        insecureRegistries: z.array(z.string()).default(['registry.docker-dca.example:5000']),
      })
      .prefault({}),
  })
  .refine((config) => config.orchestrator === 'swarm' || config.hostUrl !== undefined, {
    message: 'the builtin orchestrator needs hostUrl',
  });

export type AgentConfig = z.infer<typeof agentConfig>;

/** Reads and checks the file; throws what is wrong with it. */
export function readAgentConfig(path: string): AgentConfig {
  return agentConfig.parse(JSON.parse(readFileSync(path, 'utf8')));
}
