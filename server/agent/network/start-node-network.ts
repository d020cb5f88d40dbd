import type { Clock } from '../../clock/clock.ts';
import type { Engine } from '../../engine/engine.ts';
import { Carriers } from './carriers.ts';
import { type RunCommand, runCommand } from './command.ts';
import { ContainerOverlayLookup } from './container-overlay-lookup.ts';
import { DnsServer } from './dns/dns-server.ts';
import { DnsForwarder } from './dns/forwarder.ts';
import { NameService } from './dns/name-service.ts';
import type { Zone } from './dns/resolver.ts';
import { pointToNameServer } from './dns/resolver-file.ts';
import { EngineNetworks } from './engine-networks.ts';
import { LinuxNodeNetwork } from './linux-node-network.ts';
import { MeshRules } from './mesh-rules.ts';
import { PeerWatch } from './peer-watch.ts';
import { PortHolders } from './port-holders.ts';
import { SavedState } from './saved-state.ts';
import { UdpConnections } from './udp-connections.ts';

const RESOLV_CONF = '/etc/resolv.conf';

export interface NodeNetworkOptions {
  clock: Clock;
  engine: Engine;
  /** The node's address on the cluster's network. */
  address: string;
  /** Names that resolve everywhere in the cluster, in any spelling, to their addresses. */
  records: Zone;
  /** Where the last state is kept for the next agent. */
  stateFile: string;
  log(message: string): void;
  run?: RunCommand;
}

export interface RunningNodeNetwork {
  network: LinuxNodeNetwork;
  /** Ends what runs in this process; the node keeps its networks. */
  close(): Promise<void>;
}

/**
 * Opens the node's name server, which containers need as soon as the engine starts any, and puts together the node's network. Its
 * `start` is for when the engine answers; where a real Swarm orchestrates it is never called.
 */
export async function startNodeNetwork(options: NodeNetworkOptions): Promise<RunningNodeNetwork> {
  const { clock, engine, address, records, log, run = runCommand } = options;
  // On the loopback device too, so that names are answered, and published ports under the node's own name, while it is cut off.
  await run('ip', ['address', 'replace', `${address}/32`, 'dev', 'lo']);

  const networks = new EngineNetworks(engine);
  const carriers = new Carriers({ networks, run, address });
  const lookup = new ContainerOverlayLookup({ clock, networks, overlays: carriers });
  const names = new NameService(lowerCaseNames(records), (source) => lookup.overlaysOf(source));
  const server = new DnsServer({
    address,
    forwarder: new DnsForwarder(clock, pointToNameServer(RESOLV_CONF, address)),
    answer: (query, source) => names.answer(query, source),
    log,
  });
  await server.listen();

  const rules = new MeshRules({
    run,
    holders: new PortHolders(log),
    udp: new UdpConnections(run),
    nameServer: address,
  });
  const saved = new SavedState(options.stateFile, log);
  const network = new LinuxNodeNetwork({
    ...{ clock, networks, carriers, rules, names, saved, log },
    peers: new PeerWatch({ clock }),
  });
  return {
    network,
    close: async () => {
      network.close();
      await server.close();
    },
  };
}

function lowerCaseNames(records: Zone): Zone {
  return Object.fromEntries(Object.entries(records).map(([name, addresses]) => [name.toLowerCase(), addresses]));
}
