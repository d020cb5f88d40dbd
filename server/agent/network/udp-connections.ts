import type { NodeNetworkState } from '../../orchestrator/dispatcher/protocol.ts';
import type { RunCommand } from './command.ts';

/** Which tasks get UDP traffic: addresses by what they answer for (`port 53/udp` or a virtual IP). */
type Backends = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * UDP has no end of a connection: the kernel sends a client's packets to the task it once chose for as long as they keep coming.
 * Therefore, what it remembers is deleted when the task goes, and when a port gets its first task.
 */
export class UdpConnections {
  readonly #run: RunCommand;
  /** Undefined at first: what an earlier agent has left is no change. */
  #before: Backends | undefined;

  constructor(run: RunCommand) {
    this.#run = run;
  }

  /** To be called when the rules of this state are in force. */
  async follow(state: NodeNetworkState, withheld: ReadonlySet<string>): Promise<void> {
    const now = udpBackends(state, withheld);
    const before = this.#before ?? now;
    this.#before = now;
    for (const port of newPorts(before, now)) await this.#delete(['--orig-port-dst', port]);
    const gone = removedBackends(before, now);
    if (gone.length === 0) return;
    const remembered = await this.#run('conntrack', ['-L', '-p', 'udp']);
    for (const address of gone) {
      if (remembered.includes(`src=${address} `)) await this.#delete(['--reply-src', address]);
    }
  }

  async #delete(filter: string[]): Promise<void> {
    try {
      await this.#run('conntrack', ['-D', '-p', 'udp', ...filter]);
    } catch {
      // It fails when there is nothing to delete.
    }
  }
}

const PORT_PREFIX = 'port ';

function udpBackends({ overlays, published }: NodeNetworkState, withheld: ReadonlySet<string>): Backends {
  const active = (addresses: readonly string[]) => new Set(addresses.filter((address) => !withheld.has(address)));
  return new Map([
    ...published
      .filter(({ protocol }) => protocol === 'udp')
      .map((port): [string, Set<string>] => [`${PORT_PREFIX}${port.publishedPort}`, active(port.backends)]),
    ...overlays.flatMap(({ services }) =>
      services.flatMap(({ vip, backends }): [string, Set<string>][] =>
        vip === undefined ? [] : [[vip, active(backends)]],
      ),
    ),
  ]);
}

/** Ports that have a task now and had none before. */
function newPorts(before: Backends, now: Backends): string[] {
  return [...now]
    .filter(([key, backends]) => key.startsWith(PORT_PREFIX) && backends.size > 0 && !before.get(key)?.size)
    .map(([key]) => key.slice(PORT_PREFIX.length));
}

/** Addresses that no longer answer for something they answered for. */
function removedBackends(before: Backends, now: Backends): string[] {
  const gone = [...before].flatMap(([key, backends]) => [...backends].filter((address) => !now.get(key)?.has(address)));
  return [...new Set(gone)];
}
