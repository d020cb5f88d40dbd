import { z } from 'zod';
import { clusterRequest, readJsonFile } from '../clusters/cluster-record.ts';
import { hostOf } from '../clusters/host/host-process.ts';
import { ClusterFolder, clusterNames } from '../clusters/state-folder.ts';
import { describeCluster } from './cluster-up.ts';
import { printJson, printTable } from './output.ts';
import { parseCall } from './parse-call.ts';
import { asSwarmlabError } from './report-error.ts';

/** `cluster ls`: every cluster and its state. A host that has died is started again by being asked. */
export async function clusterLs(given: unknown): Promise<void> {
  const { json } = parseCall(z.object({ json: z.boolean().default(false) }), given);
  const clusters = await Promise.all(clusterNames().map((name) => describe(new ClusterFolder(name))));
  if (json) {
    printJson(clusters);
    return;
  }
  printTable(
    ['NAME', 'STATE', 'NODES', 'ORCHESTRATOR', 'SUBNET', 'CREATED'],
    clusters.map((each) => [each.name, each.state, each.kind, each.orchestrator, each.subnet, each.created]),
  );
  for (const each of clusters) if (each.problem) process.stderr.write(`${each.name}: ${each.problem}\n`);
}

interface ListedCluster {
  name: string;
  state: string;
  kind: string;
  orchestrator: string;
  subnet: string;
  created: string;
  problem?: string;
  cluster?: unknown;
}

async function describe(folder: ClusterFolder): Promise<ListedCluster> {
  const unknown = { name: folder.name, state: 'broken', kind: '', orchestrator: '', subnet: '', created: '' };
  try {
    const request = readJsonFile(folder.request, clusterRequest);
    if (!request) return { ...unknown, problem: 'it was never begun; `swarmlab gc` removes it' };
    const { phase, record, failure } = await (await hostOf(folder)).state();
    return {
      name: folder.name,
      state: phase,
      kind: request.kind,
      orchestrator: request.orchestrator,
      subnet: record?.subnet ?? '',
      created: request.created,
      ...(failure && { problem: failure.message }),
      ...(record && { cluster: describeCluster(record) }),
    };
  } catch (error) {
    return { ...unknown, problem: asSwarmlabError(error).message };
  }
}
