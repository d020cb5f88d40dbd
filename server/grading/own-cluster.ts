import { request } from 'node:http';
import Dockerode from 'dockerode';
import { z } from 'zod';
import type { Clock } from '../clock/clock.ts';
import { findCluster } from '../clusters/find-cluster.ts';
import { hostOf } from '../clusters/host/host-process.ts';
import { outerEngine } from '../clusters/outer-engine.ts';
import type { ClusterFolder } from '../clusters/state-folder.ts';
import { SwarmlabError } from '../errors/swarmlab-error.ts';
import type { Fault } from '../labs/fault.ts';
import { EngineCluster } from './engine-cluster.ts';
import { type CommandPrefix, execInSandbox } from './exec-in-sandbox.ts';
import { execOnNode } from './exec-on-node.ts';
import type { CommandResult, NodeCommand } from './grading-cluster.ts';
import { ClusterUnreachable } from './verdict.ts';
import { type WitnessedRequest, witnessedRequestSchema } from './witnessed-request.ts';

/** How long a set-up script of a fault may take. */
const FAULT_LIMIT = 120_000;
/** How long a node's agent may take to answer. */
const AGENT_LIMIT = 10_000;

/** A cluster that swarmlab made, by its name: everything can be seen and done there. SL_CLUSTER_NOT_FOUND. */
export function openOwnCluster(name: string, clock: Clock): EngineCluster {
  const { folder, record } = findCluster(name);
  const docker = outerEngine();
  const containerOf = (node: string) => record.nodes.find((candidate) => candidate.name === node)?.container ?? node;
  const prefix: CommandPrefix = async (node, user) => (await hostOf(folder)).commandPrefix(node, user);
  const exec = (node: string, command: NodeCommand) =>
    record.kind === 'embedded'
      ? execInSandbox(prefix, node, command, clock)
      : execOnNode(docker, containerOf(node), command, clock);
  return new EngineCluster({
    name,
    clock,
    orchestrator: record.orchestrator,
    nodes: record.nodes.map((node) => ({
      name: node.name,
      hostname: node.hostname,
      address: node.address,
      engine: { socketPath: folder.node(node.name).controlSocket },
    })),
    exec,
    requests: (node, after) => readWitness(folder.node(node).agentSocket, node, after),
    fault: (fault) => applyFault(fault, folder, exec),
  });
}

async function applyFault(
  fault: Fault,
  folder: ClusterFolder,
  exec: (node: string, command: NodeCommand) => Promise<CommandResult>,
): Promise<void> {
  if ('run' in fault) {
    const { exitCode, stderr } = await exec(fault.on, {
      argv: ['bash', '-c', fault.run],
      user: 'root',
      limit: FAULT_LIMIT,
    });
    if (exitCode !== 0)
      throw new SwarmlabError('SL_LAB_INVALID', `a set-up script on ${fault.on} failed: ${stderr.trim()}`);
  } else if ('remove-image' in fault) {
    for (const node of fault.from)
      await new Dockerode({ socketPath: folder.node(node).controlSocket })
        .getImage(fault['remove-image'])
        .remove({ force: true })
        .catch((cause: Error) => {
          if (!('statusCode' in cause) || cause.statusCode !== 404) throw cause;
          throw new SwarmlabError(
            'SL_LAB_INVALID',
            `a fault takes an image away that ${node} has not: ${cause.message}`,
          );
        });
  } else {
    const host = await hostOf(folder);
    for (const [action, node] of Object.entries(fault))
      await host.act(node, z.enum(['stop', 'start', 'disconnect', 'connect']).parse(action));
  }
}

/** Asks a node's agent what its gateway's witness wrote down. */
function readWitness(socketPath: string, node: string, after: number): Promise<WitnessedRequest[]> {
  return new Promise((resolve, reject) => {
    const fail = (cause: unknown) =>
      reject(
        new ClusterUnreachable(
          `the agent of ${node} does not answer: ${cause instanceof Error ? cause.message : String(cause)}`,
          { cause },
        ),
      );
    const call = request({ socketPath, path: `/v0/requests?since=${after}`, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', fail);
      response.on('end', () => {
        try {
          resolve(z.array(witnessedRequestSchema).parse(JSON.parse(Buffer.concat(chunks).toString('utf8'))));
        } catch (error) {
          fail(error);
        }
      });
    });
    call.setTimeout(AGENT_LIMIT, () => call.destroy(new Error('no answer in time')));
    call.on('error', fail);
    call.end();
  });
}
