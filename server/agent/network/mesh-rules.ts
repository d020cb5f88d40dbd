import type { NodeNetworkState } from '../../orchestrator/dispatcher/protocol.ts';
import type { RunCommand } from './command.ts';
import type { PortHolders } from './port-holders.ts';
import { CONNECTION_MARK, formatRuleset, removeRuleset } from './ruleset.ts';
import type { UdpConnections } from './udp-connections.ts';

/** The engine asks this chain before it drops what goes from one of its networks to another. */
const ACCEPT_RULE = ['DOCKER-USER', '-m', 'connmark', '--mark', CONNECTION_MARK, '-j', 'ACCEPT'];

/**
 * Seconds for which the kernel remembers a connection that has ended; two minutes otherwise. When a container goes, dockerd lists what
 * is remembered of its address and deletes it, client address and port by client address and port. By then a client that is quick may
 * use a port again, for another task, and that connection would be cut. In the two seconds that a task takes to leave all is forgotten.
 */
const ENDED_CONNECTIONS = 'net.netfilter.nf_conntrack_tcp_timeout_time_wait=1';

export interface MeshRulesOptions {
  run: RunCommand;
  holders: PortHolders;
  udp: UdpConnections;
  nameServer: string;
}

/** Published ports and virtual IPs on this node: the kernel's rules, the ports that are held, and what is remembered of UDP. */
export class MeshRules {
  readonly #options: MeshRulesOptions;
  /** The ruleset in force; undefined when that is not known. */
  #inForce: string | undefined;

  constructor(options: MeshRulesOptions) {
    this.#options = options;
  }

  /** Resolves when the rules are in force. `withheld` are addresses of tasks that get no new connections. */
  async apply(state: NodeNetworkState, withheld: ReadonlySet<string>): Promise<void> {
    const { run, holders, udp, nameServer } = this.#options;
    const active = state.published.filter(({ backends }) => backends.some((address) => !withheld.has(address)));
    await holders.releaseAllBut(active);
    const ruleset = formatRuleset({ state, withheld, nameServer });
    if (ruleset !== this.#inForce) {
      const isFirst = this.#inForce === undefined;
      if (isFirst) await this.#acceptInEngine();
      this.#inForce = undefined;
      await run('nft', ['-f', '-'], ruleset);
      if (isFirst) await run('sysctl', ['-q', '-w', ENDED_CONNECTIONS]);
      this.#inForce = ruleset;
      await udp.follow(state, withheld);
    }
    await holders.hold(active);
  }

  /** Takes away everything that `apply` made. */
  async remove(): Promise<void> {
    const { run, holders } = this.#options;
    await holders.releaseAllBut([]);
    await run('nft', ['-f', '-'], removeRuleset());
    this.#inForce = undefined;
    if (await this.#isAccepted()) await run('iptables', ['-w', '-D', ...ACCEPT_RULE]);
  }

  async #acceptInEngine(): Promise<void> {
    if (!(await this.#isAccepted())) await this.#options.run('iptables', ['-w', '-I', ...ACCEPT_RULE]);
  }

  async #isAccepted(): Promise<boolean> {
    try {
      await this.#options.run('iptables', ['-w', '-C', ...ACCEPT_RULE]);
      return true;
    } catch {
      return false;
    }
  }
}
