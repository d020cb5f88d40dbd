import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { writeJsonFile } from '../../../server/clusters/cluster-record.ts';
import { collectGarbage } from '../../../server/clusters/collect-garbage.ts';
import { removeWithoutHost } from '../../../server/clusters/remove-cluster.ts';
import { ClusterFolder, makePrivateFolder } from '../../../server/clusters/state-folder.ts';

/** A machine without a Docker engine. */
let state: string;

beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'swarmlab-remove-'));
  vi.stubEnv('SWARMLAB_STATE', state);
  vi.stubEnv('DOCKER_HOST', `unix://${state}/none.sock`);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(state, { recursive: true, force: true });
});

function clusterFolder(kind: 'dind' | 'embedded'): ClusterFolder {
  const folder = new ClusterFolder('lost');
  makePrivateFolder(folder.path);
  writeJsonFile(folder.request, {
    name: 'lost',
    kind,
    orchestrator: 'builtin',
    nodes: ['master'],
    imagesOn: [],
    registry: false,
    created: '2026-01-01T00:00:00Z',
  });
  return folder;
}

test('an embedded cluster whose host is gone is removed where there is no engine', async () => {
  const folder = clusterFolder('embedded');
  await removeWithoutHost(folder);
  expect(existsSync(folder.path)).toBe(false);
});

test('one of real nodes is not forgotten while nobody knows what it has left', async () => {
  const folder = clusterFolder('dind');
  await expect(removeWithoutHost(folder)).rejects.toThrow();
  expect(existsSync(folder.path)).toBe(true);
});

test('without an engine, what was never finished is collected all the same', async () => {
  clusterFolder('embedded');
  expect(await collectGarbage(undefined)).toEqual(['state of lost']);
});
