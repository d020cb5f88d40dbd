import type { Clock } from '../../clock/clock.ts';
import type { ClusterWire } from '../../engine/simulator/cluster-wire.ts';
import type { SimulatedEngine } from '../../engine/simulator/simulated-engine.ts';
import { Carriers } from '../network/carriers.ts';
import type { RunCommand } from '../network/command.ts';
import { EngineNetworks } from '../network/engine-networks.ts';
import { LinuxNodeNetwork } from '../network/linux-node-network.ts';
import { NodeAgent } from '../node-agent.ts';
import type { ConnectManager } from '../session/session-loop.ts';
import { ArchivedFiles } from '../tasks/archived-files.ts';
import { NO_JOURNAL } from '../tasks/task-journal.ts';
import { EmbeddedView } from './embedded-view.ts';

export interface EmbeddedNodeOptions {
  name: string;
  address: string;
  clock: Clock;
  engine: SimulatedEngine;
  wire: ClusterWire;
  connect: ConnectManager;
  log(message: string): void;
}

/** Nothing is kept across the death of the process that holds an embedded node: its engine would be gone too. */
const NOTHING_SAVED = { load: async () => undefined, save: () => {}, remove: async () => {} };

/** There are no devices: whoever asks for a list of them gets an empty one, and whatever is to be made needs no making. */
const noCommands: RunCommand = async (_program, args) =>
  args.some((argument) => /^-+json$/.test(argument)) ? '[]' : '';

/** A node inside this process: the agent of every node, on a simulated engine, with a network that is looked up instead of built. */
export class EmbeddedNode {
  readonly name: string;
  readonly engine: SimulatedEngine;
  readonly view = new EmbeddedView();
  readonly network: LinuxNodeNetwork;
  readonly agent: NodeAgent;
  readonly #wire: ClusterWire;

  constructor(options: EmbeddedNodeOptions) {
    const { name, address, clock, engine, wire, connect, log } = options;
    this.name = name;
    this.engine = engine;
    this.#wire = wire;
    const networks = new EngineNetworks(engine);
    this.network = new LinuxNodeNetwork({
      clock,
      networks,
      carriers: new Carriers({ networks, address, run: noCommands }),
      rules: this.view,
      names: this.view,
      saved: NOTHING_SAVED,
      log,
    });
    this.agent = new NodeAgent({
      engine,
      network: this.network,
      clock,
      connect,
      address,
      files: new ArchivedFiles(engine),
      journal: NO_JOURNAL,
      log,
    });
    wire.setView(name, this.view);
  }

  async start(): Promise<void> {
    await this.network.start();
    this.agent.start();
  }

  async close(): Promise<void> {
    this.#wire.setView(this.name, undefined);
    await this.agent.close();
    this.network.close();
  }
}
