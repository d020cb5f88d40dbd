import { join } from 'node:path';
import { type Logger, pino } from 'pino';
import { RealClock } from '../clock/real-clock.ts';
import { DockerEngine } from '../engine/docker-engine.ts';
import { FilesApi } from '../files/files-api.ts';
import { StudentFiles } from '../files/student-files.ts';
import type { Witness } from '../gateway/witness/witness.ts';
import { TerminalApi } from '../terminals/terminal-api.ts';
import { TerminalHost } from '../terminals/terminal-host.ts';
import { type AgentConfig, readAgentConfig } from './agent-config.ts';
import { createAgentServer } from './http/agent-api.ts';
import { listenOnSocket } from './http/listen.ts';
import { type RunningNodeNetwork, startNodeNetwork } from './network/start-node-network.ts';
import { bootOf } from './node/boot.ts';
import { answers, Dockerd } from './node/dockerd.ts';
import { dockerdArguments } from './node/dockerd-arguments.ts';
import { asStudent, spawnLoginShell } from './node/login-shell.ts';
import { AGENT_LOG, AGENT_SOCKET, CONFIG_FILE, ENGINE_FOLDER, ENGINE_SOCKET, STATE_FOLDER } from './node/node-files.ts';
import { giveToOwnerOutside } from './node/owner-outside.ts';
import { prepareNode } from './node/prepare-node.ts';
import { serveGateways } from './node/serve-gateways.ts';
import { NodeAgent } from './node-agent.ts';
import { dialHost } from './session/dial-host.ts';
import { MountedFiles } from './tasks/mounted-files.ts';
import { FileTaskJournal } from './tasks/task-journal.ts';

/**
 * The main process of a node: it makes the container fit for an engine, keeps dockerd running, stands in front of it with the
 * gateway, keeps the student's shells, and - unless the engine is in a real Swarm itself - carries out what the manager assigns.
 */
async function main(): Promise<void> {
  const log = pino({}, pino.destination({ dest: AGENT_LOG, append: true, mode: 0o600 }));
  process.on('uncaughtException', (error) => log.error(error, 'not caught'));
  process.on('unhandledRejection', (error) => log.error(error, 'not awaited'));
  const warn = (message: string) => log.warn(message);

  const config = readAgentConfig(CONFIG_FILE);
  const clock = new RealClock();
  prepareNode(warn);
  const dockerd = new Dockerd({ clock, args: dockerdArguments(config), log: warn });
  dockerd.start();

  const engine = new DockerEngine(ENGINE_SOCKET);
  const network = await startNodeNetwork({
    ...{ clock, engine, address: config.address, records: config.dns.records, log: warn },
    stateFile: join(STATE_FOLDER, 'network.json'),
  });
  const terminals = new TerminalHost({ clock, spawn: spawnLoginShell });
  await dockerd.ready();
  const agent = config.hostUrl === undefined ? undefined : await joinSwarm({ config, clock, engine, network, log });
  let witness: Witness | undefined;
  const server = createAgentServer({
    requests: async (since) => witness?.requests({ since }) ?? [],
    terminals: new TerminalApi(terminals),
    files: new FilesApi(new StudentFiles(asStudent)),
    health: async () => {
      const up = await answers();
      const session = agent === undefined ? 'none' : agent.hasSession ? 'connected' : 'connecting';
      return { ok: up, engine: { up }, session };
    },
  });
  await listenOnSocket(server, AGENT_SOCKET);
  giveToOwnerOutside(AGENT_SOCKET);
  const events = (signal: AbortSignal) => engine.events(signal);
  witness = await serveGateways({ config, clock, events, network: network.network, log: warn });
  log.info({ cluster: config.cluster, node: config.node }, 'ready');

  const stop = async () => {
    terminals.dispose();
    await agent?.close();
    await network.close();
    await dockerd.stop();
    process.exit(0);
  };
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, stop);
}

interface SwarmParts {
  config: AgentConfig;
  clock: RealClock;
  engine: DockerEngine;
  network: RunningNodeNetwork;
  log: Logger;
}

/** Takes up the networks as they were left, and then the session with the manager. */
async function joinSwarm({ config, clock, engine, network, log }: SwarmParts): Promise<NodeAgent> {
  await network.network.start();
  const warn = (message: string) => log.warn(message);
  const agent = new NodeAgent({
    ...{ engine, clock, network: network.network, address: config.address, log: warn },
    connect: dialHost(config.hostUrl ?? '', config.credential),
    boot: bootOf(),
    files: new MountedFiles(join(ENGINE_FOLDER, 'files')),
    journal: new FileTaskJournal(join(STATE_FOLDER, 'tasks'), warn),
  });
  agent.start();
  return agent;
}

main().catch((error: unknown) => {
  // Where the log could not be opened either, this is all there is to go by; whoever started the agent starts it again.
  console.error(error);
  process.exit(1);
});
