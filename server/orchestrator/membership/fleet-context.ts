import type { Clock } from '../../clock/clock.ts';
import type { MachineAgents } from './machine-agents.ts';
import type { Machine } from './membership.ts';
import type { SwarmRegistry } from './swarm-registry.ts';

/** What a machine works with. */
export interface FleetContext {
  clock: Clock;
  newId: () => string;
  registry: SwarmRegistry;
  agents: MachineAgents;
  /** The machine that answers at a host name or address. */
  machineAt: (host: string) => Machine | undefined;
  /** Hands the machine's waiting agent to its swarm, if it has one. */
  handOver: (machine: string) => void;
}
