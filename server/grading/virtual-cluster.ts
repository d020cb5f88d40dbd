import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { z } from 'zod';
import type { TimeKeeper } from '../clock/time-keeper.ts';
import type { ClusterRequest } from '../clusters/cluster-record.ts';
import { embeddedRecord } from '../clusters/embedded/embedded-record.ts';
import { EmbeddedWorkspace } from '../clusters/embedded/embedded-workspace.ts';
import { ReadySandboxes } from '../clusters/embedded/ready-sandboxes.ts';
import { workFolder } from '../clusters/embedded/work-folder.ts';
import { applyFault } from './apply-fault.ts';
import { EngineCluster } from './engine-cluster.ts';
import { execInSandbox } from './exec-in-sandbox.ts';
import type { NodeCommand } from './grading-cluster.ts';
import { ClusterUnreachable } from './verdict.ts';
import { witnessedRequestSchema } from './witnessed-request.ts';

export interface VirtualCluster {
  cluster: EngineCluster;
  close(): Promise<void>;
}

/**
 * Makes a cluster of embedded nodes in this process, in virtual time: for one who grades and is the only one who looks at it. Rejects as
 * EmbeddedWorkspace.create does.
 */
export async function makeVirtualCluster(
  request: ClusterRequest,
  time: TimeKeeper,
  tell: (text: string) => void,
): Promise<VirtualCluster> {
  const record = embeddedRecord(request);
  const folder = workFolder(record.name);
  const { clock } = time;
  const workspace = await EmbeddedWorkspace.create({
    clock,
    time,
    name: record.name,
    folder,
    nodes: record.nodes,
    imagesOn: record.imagesOn,
    progress: tell,
    log: () => {},
  });
  const students = new ReadySandboxes((node, words) => workspace.command(node, words, 'student'));
  if (workspace.sandboxed) for (const { name } of record.nodes.slice(0, 1)) students.prepare(name);
  const start = (node: string, { argv, user }: NodeCommand): ChildProcess => {
    if (workspace.sandboxed && user === 'student') return students.run(node, argv);
    const [file = '', ...words] = workspace.command(node, argv, user === 'student' ? 'student' : 'grader');
    return spawn(file, words, { stdio: ['ignore', 'pipe', 'pipe'] });
  };
  const exec = async (node: string, command: NodeCommand) => {
    const running = time.program();
    try {
      return await execInSandbox(start(node, command), node, command, clock);
    } finally {
      running.dispose();
    }
  };
  const cluster = new EngineCluster({
    name: record.name,
    clock,
    orchestrator: 'builtin',
    nodes: record.nodes.map(({ name, hostname, address }) => ({
      name,
      hostname,
      address,
      engine: { socketPath: folder.node(name).controlSocket },
    })),
    exec,
    asking: () => time.request(),
    changes: (listener) => workspace.cluster.onChange(listener),
    requests: async (node, after) => {
      const witness = workspace.witness(node);
      if (witness === undefined) throw new ClusterUnreachable(`${node} is switched off`);
      return z.array(witnessedRequestSchema).parse(witness.requests({ since: after }));
    },
    fault: (fault, seed) =>
      applyFault(
        fault,
        {
          exec,
          controlSocket: (node) => folder.node(node).controlSocket,
          act: (node, action) => workspace.act(node, action),
          simulated: (node) => workspace.cluster.node(node).engine,
        },
        record.nodes.map(({ name }) => name),
        seed,
      ),
  });
  return {
    cluster,
    close: async () => {
      students.close();
      await workspace.close();
      rmSync(folder.path, { recursive: true, force: true });
    },
  };
}
