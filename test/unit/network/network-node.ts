import { Carriers } from '../../../server/agent/network/carriers.ts';
import { NameService } from '../../../server/agent/network/dns/name-service.ts';
import { EngineNetworks } from '../../../server/agent/network/engine-networks.ts';
import { LinuxNodeNetwork } from '../../../server/agent/network/linux-node-network.ts';
import { MeshRules } from '../../../server/agent/network/mesh-rules.ts';
import { PeerWatch } from '../../../server/agent/network/peer-watch.ts';
import { PortHolders } from '../../../server/agent/network/port-holders.ts';
import { UdpConnections } from '../../../server/agent/network/udp-connections.ts';
import { settle, VirtualClock } from '../../../server/clock/virtual-clock.ts';
import { LAB_IMAGES } from '../../../server/engine/simulator/images.ts';
import { SimulatedEngine } from '../../../server/engine/simulator/simulated-engine.ts';
import type { NodeNetworkState } from '../../../server/orchestrator/dispatcher/protocol.ts';
import type { Task } from '../../../server/orchestrator/model/objects.ts';
import { FakeLinux } from './fake-linux.ts';
import { ADDRESSES, overlayId } from './fake-node.ts';

/** What outlives an agent: the node's engine and kernel, and the file in which the agent keeps the manager's last word. */
export class TestMachine {
  readonly clock = new VirtualClock();
  readonly linux = new FakeLinux();
  readonly engine: SimulatedEngine;
  readonly heldPorts = new Set<string>();
  readonly unreachable = new Set<string>();
  readonly log: string[] = [];
  file: NodeNetworkState | undefined;

  constructor() {
    this.engine = new SimulatedEngine({
      clock: this.clock,
      machine: { hostname: 'a', cpus: 2, memoryBytes: 2 ** 31, engineVersion: '26.1.5+dfsg1' },
      wire: {
        pull: () => undefined,
        join: () => ({
          network: {
            nameserver: '127.0.0.11',
            resolve: () => [],
            reaches: () => true,
            request: () => Promise.reject(new Error('Connection refused')),
            listen: () => {},
          },
          dispose: () => {},
        }),
      },
    });
    this.engine.images.add('alpine', LAB_IMAGES.alpine);
  }

  /** An agent's network on this machine, which is node `a`. */
  agent(): LinuxNodeNetwork {
    const { clock, engine } = this;
    const { run } = this.linux;
    const log = (message: string) => this.log.push(message);
    const networks = new EngineNetworks(engine);
    const hold = async (protocol: string, port: number) => {
      this.heldPorts.add(`${port}/${protocol}`);
      return { release: async () => void this.heldPorts.delete(`${port}/${protocol}`) };
    };
    return new LinuxNodeNetwork({
      ...{ clock, networks, log },
      carriers: new Carriers({ networks, run, address: ADDRESSES.a }),
      rules: new MeshRules({
        run,
        holders: new PortHolders(log, hold),
        udp: new UdpConnections(run),
        nameServer: ADDRESSES.a,
      }),
      names: new NameService({}, async () => []),
      saved: {
        load: async () => this.file,
        save: (state) => {
          this.file = state;
        },
        remove: async () => {
          this.file = undefined;
        },
      },
      peers: new PeerWatch({ clock, probe: async (address) => !this.unreachable.has(address) }),
    });
  }

  /** Names of the engine's networks besides those that every engine has. */
  async networks(): Promise<string[]> {
    const all = await this.engine.listNetworks();
    return all.map(({ Name }) => String(Name)).filter((name) => !['bridge', 'host', 'none'].includes(name));
  }

  /** Starts a container as the agent does for a task. */
  async runContainer(name: string, networks: Record<string, unknown>): Promise<string> {
    const { Id } = await this.engine.createContainer(name, {
      Image: 'alpine',
      Cmd: ['sleep', '1000'],
      Labels: { 'com.docker.swarm.task.id': name, 'com.docker.swarm.task.name': name },
      NetworkingConfig: { EndpointsConfig: networks },
    });
    await this.engine.startContainer(Id);
    await settle();
    return Id;
  }
}

/** As much of a task as the node's network looks at. */
export function attachedTask(id: string, on: Record<string, string>): Task {
  const attachments = Object.entries(on).map(([name, address]) => ({
    networkId: overlayId(name),
    addresses: [`${address}/24`],
    aliases: [],
  }));
  return { ID: id, attachments } as unknown as Task;
}
