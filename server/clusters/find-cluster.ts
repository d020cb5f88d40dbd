import { existsSync } from 'node:fs';
import { SwarmlabError } from '../errors/swarmlab-error.ts';
import { type ClusterRecord, clusterRecord, readJsonFile } from './cluster-record.ts';
import { ClusterFolder, clusterNames } from './state-folder.ts';

/** The folder of a cluster that is there, in whatever state; SL_CLUSTER_NOT_FOUND otherwise. */
export function findClusterFolder(name: string): ClusterFolder {
  const folder = new ClusterFolder(name);
  if (name !== '' && !name.includes('/') && existsSync(folder.request)) return folder;
  const others = clusterNames();
  throw new SwarmlabError('SL_CLUSTER_NOT_FOUND', name === '' ? 'there is no cluster' : `there is no cluster ${name}`, {
    next: others.length > 0 ? `There is ${others.join(', ')}.` : 'Make one: swarmlab cluster up NAME',
  });
}

/** The record of a cluster that has come up; SL_CLUSTER_NOT_FOUND otherwise. */
export function findCluster(name: string): { folder: ClusterFolder; record: ClusterRecord } {
  const folder = findClusterFolder(name);
  const record = readJsonFile(folder.record, clusterRecord);
  if (record?.phase === 'ready') return { folder, record };
  throw new SwarmlabError('SL_CLUSTER_NOT_FOUND', `cluster ${name} is ${record?.phase ?? 'creating'}`, {
    next: '`swarmlab cluster ls` shows when it is ready.',
  });
}

/** The cluster of that name, or the only one there is when none is named; SL_USAGE when there are several. */
export function findOnlyCluster(name: string | undefined): ClusterFolder {
  const names = name === undefined ? clusterNames() : [name];
  const [only] = names;
  if (only !== undefined && names.length === 1) return findClusterFolder(only);
  if (only === undefined) return findClusterFolder('');
  throw new SwarmlabError('SL_USAGE', `there are ${names.length} clusters`, {
    next: `Say which one with --cluster: ${names.join(', ')}`,
  });
}
