import { chownSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Disposable } from '../../clock/clock.ts';
import type { TimeKeeper } from '../../clock/time-keeper.ts';
import { EngineServer } from '../../engine/simulator/http/engine-server.ts';
import { createGateway } from '../../gateway/gateway.ts';
import type { Listener } from '../../gateway/listener.ts';
import { createNetworkPresentation } from '../../gateway/networks/swarm-networks.ts';
import { jsonApi } from '../../gateway/presentation/json-upstream.ts';
import { createSwarmHandler } from '../../gateway/swarm-api/swarm-handler.ts';
import { InProcessUpstream } from '../../gateway/upstream/in-process-upstream.ts';
import { Witness } from '../../gateway/witness/witness.ts';
import type { NodeFolder } from '../state-folder.ts';
import { clientTime } from './client-time.ts';
import type { EmbeddedCluster, EmbeddedNodePlan } from './embedded-cluster.ts';
import type { NodeReports } from './node-shells.ts';
import { TimeServer } from './time-server.ts';

/** Ten times what any lab asks for, and little for the process that many students' nodes share. */
const TASKS_OF_SERVICE = 1_000;

export interface NodeServicesOptions {
  cluster: EmbeddedCluster;
  plan: EmbeddedNodePlan;
  folder: NodeFolder;
  /** The socket inside the folder that the student's sandbox sees. */
  gatewaySocket: string;
  /** The socket that a grader's sandbox sees instead. */
  gradingSocket: string;
  /** Owner of that socket, if it is not this process's own user. */
  uid: number | undefined;
  /** Where time is virtual: who has to know of clients that wait. */
  time: TimeKeeper | undefined;
  /** Serves terminals and files at a socket. */
  serveAgent: (socket: string, reports: NodeReports) => Promise<Disposable>;
  log(message: string): void;
}

/** What an agent serves on a node, for an embedded one: two gateways, the witness, and terminals. */
export class EmbeddedNodeServices {
  readonly #listeners: Listener[] = [];
  readonly witness: Witness;
  readonly #options: NodeServicesOptions;
  #agent: Disposable | undefined;
  #timeServer: TimeServer | undefined;

  constructor(options: NodeServicesOptions) {
    this.#options = options;
    this.witness = new Witness(options.cluster.clock);
  }

  async start(): Promise<void> {
    const { cluster, plan, folder, gatewaySocket, gradingSocket, uid, time, serveAgent, log } = this.#options;
    const { clock } = cluster;
    const node = cluster.node(plan.name);
    const machine = cluster.fleet.machine(plan.name);
    const handle = createSwarmHandler(machine, { clock });
    const engine = new InProcessUpstream(new EngineServer(node.engine));
    const swarm = new InProcessUpstream({ handler: (req, res) => handle(req, res, req.url ?? '/') });
    const networks = createNetworkPresentation({
      clock,
      engine: jsonApi(engine, 'the engine'),
      swarm: jsonApi(swarm, 'the orchestrator'),
      overlays: node.network,
      events: (signal) => node.engine.events(signal),
      log,
    });
    const guard = { home: undefined, gatewaySocket, tasksOfService: TASKS_OF_SERVICE };
    const attendance = time && clientTime(time, machine);
    const student = createGateway({ clock, engine, swarm, guard, witness: this.witness, networks, attendance });
    const control = createGateway({ clock, engine, swarm, networks });
    const grading = createGateway({ clock, engine, swarm, networks, attendance });
    mkdirSync(folder.path, { recursive: true, mode: 0o700 });
    this.#listeners.push(
      await student.listen(gatewaySocket, 0o660),
      await student.listen(folder.dockerSocket, 0o600),
      await control.listen(folder.controlSocket, 0o600),
      await grading.listen(gradingSocket, 0o660),
    );
    if (uid !== undefined) for (const path of [gatewaySocket, gradingSocket]) chownSync(path, uid, uid);
    if (time !== undefined) {
      // Only the process that keeps the time works with this cluster: nobody else opens terminals or files.
      this.#timeServer = new TimeServer(time);
      for (const path of [gatewaySocket, gradingSocket]) await this.#timeServer.listen(dirname(path), uid);
      return;
    }
    this.#agent = await serveAgent(folder.agentSocket, {
      requests: (since) => this.witness.requests({ since }),
      isConnected: () => node.agent.hasSession,
    });
  }

  async close(): Promise<void> {
    this.#agent?.dispose();
    this.#timeServer?.close();
    await Promise.all(this.#listeners.map((listener) => listener.close()));
  }
}
