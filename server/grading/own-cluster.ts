import { spawn } from 'node:child_process';
import { request } from 'node:http';
import { z } from 'zod';
import type { Clock } from '../clock/clock.ts';
import { findCluster } from '../clusters/find-cluster.ts';
import { HostClient } from '../clusters/host/host-client.ts';
import { hostOf } from '../clusters/host/host-process.ts';
import { outerEngine } from '../clusters/outer-engine.ts';
import { applyFault } from './apply-fault.ts';
import { EngineCluster } from './engine-cluster.ts';
import { execInSandbox } from './exec-in-sandbox.ts';
import { execOnNode } from './exec-on-node.ts';
import type { NodeCommand } from './grading-cluster.ts';
import { ClusterUnreachable } from './verdict.ts';
import { type WitnessedRequest, witnessedRequestSchema } from './witnessed-request.ts';

/** How long a node's agent may take to answer. */
const AGENT_LIMIT = 10_000;

/** A cluster that swarmlab made, by its name: everything can be seen and done there. SL_CLUSTER_NOT_FOUND. */
export function openOwnCluster(name: string, clock: Clock): EngineCluster {
  const { folder, record } = findCluster(name);
  const docker = outerEngine();
  const containerOf = (node: string) => record.nodes.find((candidate) => candidate.name === node)?.container ?? node;
  const execEmbedded = async (node: string, command: NodeCommand) => {
    const host = await hostOf(folder);
    const [file = '', ...words] = await host.commandPrefix(node, command.user === 'student' ? 'student' : 'grader');
    const child = spawn(file, [...words, ...command.argv], { stdio: ['ignore', 'pipe', 'pipe'] });
    return execInSandbox(child, node, command, clock);
  };
  const exec = (node: string, command: NodeCommand) =>
    record.kind === 'embedded' ? execEmbedded(node, command) : execOnNode(docker, containerOf(node), command, clock);
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
    hints: (changed, signal) => new HostClient(folder.hostSocket).followChanges(changed, signal),
    requests: (node, after) => readWitness(folder.node(node).agentSocket, node, after),
    fault: (fault, seed) =>
      applyFault(
        fault,
        {
          exec,
          controlSocket: (node) => folder.node(node).controlSocket,
          act: async (node, action) => (await hostOf(folder)).act(node, action),
        },
        record.nodes.map(({ name: node }) => node),
        seed,
      ),
  });
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
