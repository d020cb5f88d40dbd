/** What a machine remembers of the swarm it is in, even when its managers are out of reach. */
export interface Membership {
  readonly machine: string;
  readonly swarmId: string;
  readonly nodeId: string;
  /** Without port: where other nodes reach this one. */
  readonly address: string;
  /** A manager that has restarted and waits for its unlock key. */
  readonly locked: boolean;
}

/** A machine that may be in a swarm. */
export interface Machine {
  readonly name: string;
  readonly hostname: string;
  /** Its own address, without prefix length. */
  readonly address: string;
}

/** Where swarm managers listen unless told otherwise. */
export const SWARM_PORT = 2377;
