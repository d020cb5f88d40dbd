import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clusterName, clusterRequest, readJsonFile, writeJsonFile } from '../../../server/clusters/cluster-record.ts';
import { ClusterFolder, makePrivateFolder, stateFolder } from '../../../server/clusters/state-folder.ts';
import { SwarmlabError } from '../../../server/errors/swarmlab-error.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'swarmlab-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const request = {
  name: 'lab',
  kind: 'dind',
  orchestrator: 'builtin',
  nodes: ['master', 'worker1'],
  imagesOn: ['worker1'],
  registry: false,
  created: '2026-01-01T00:00:00.000Z',
};

describe('a cluster name', () => {
  it.each(['a', 'lab-1', 'x'.repeat(30)])('may be %s', (name) => {
    expect(clusterName.safeParse(name).success).toBe(true);
  });

  it.each(['', '-a', 'a-', 'Lab', 'a_b', '../x', 'x'.repeat(31)])('may not be %j', (name) => {
    expect(clusterName.safeParse(name).success).toBe(false);
  });
});

describe('a request', () => {
  it('is read back as it was written', () => {
    const path = join(folder, 'request.json');
    writeJsonFile(path, request);
    expect(readJsonFile(path, clusterRequest)).toEqual(request);
    expect(statSync(path).mode & 0o077).toBe(0);
  });

  it('has a manager among its nodes', () => {
    expect(clusterRequest.safeParse({ ...request, nodes: ['worker1'] }).success).toBe(false);
  });

  it('that is not there is told from one that is broken', () => {
    expect(readJsonFile(join(folder, 'none.json'), clusterRequest)).toBeUndefined();
    writeFileSync(join(folder, 'broken.json'), '{"name":"lab"}');
    expect(() => readJsonFile(join(folder, 'broken.json'), clusterRequest)).toThrow(SwarmlabError);
  });
});

describe('the state folder', () => {
  it('is the one given, else that of XDG, else in the home folder', () => {
    expect(stateFolder({ SWARMLAB_STATE: '/s', XDG_STATE_HOME: '/x' })).toBe('/s');
    expect(stateFolder({ XDG_STATE_HOME: '/x' })).toBe('/x/swarmlab');
    expect(stateFolder({})).toMatch(/\/\.local\/state\/swarmlab$/);
  });

  it('lets nobody but its owner in, even where it was open before', () => {
    makePrivateFolder(join(folder, 'a', 'b'));
    expect(statSync(join(folder, 'a', 'b')).mode & 0o777).toBe(0o700);
  });

  it('is refused where no folder can be, and that is said with what to do', () => {
    expect(() => makePrivateFolder('/dev/null/swarmlab')).toThrow(
      expect.objectContaining({ code: 'SL_USAGE', next: expect.stringContaining('SWARMLAB_STATE') }),
    );
  });

  it('refuses a path that no socket can have, and says what to do', () => {
    const deep = new ClusterFolder('lab', `/${'x'.repeat(100)}`);
    expect(() => deep.node('master').dockerSocket).toThrow(expect.objectContaining({ code: 'SL_USAGE' }));
  });
});
