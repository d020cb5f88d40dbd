import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { VirtualClock } from '../../../server/clock/virtual-clock.ts';
import { TerminalApi } from '../../../server/terminals/terminal-api.ts';
import { TerminalHost } from '../../../server/terminals/terminal-host.ts';
import type { OpenCluster } from '../../../server/workspaces/cluster/cluster-door.ts';
import { type Database, openDatabase } from '../../../server/workspaces/database/database.ts';
import { WorkspaceTerminals } from '../../../server/workspaces/terminals/workspace-terminals.ts';
import { WorkspaceStore } from '../../../server/workspaces/workspace-store.ts';
import { FakePty } from '../terminals/fake-pty.ts';
import { noExplanation } from './stand-in-door.ts';

const SIZE = { columns: 80, rows: 24 };

let folder: string;
let cluster: OpenCluster;
let agent: Server;
let database: Database;
let store: WorkspaceStore;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sl-terminals-'));
  const agentSocket = join(folder, 'agent.sock');
  const node = { name: 'master', hostname: 'master.example', address: '10.10.10.100', agentSocket, controlSocket: '' };
  cluster = { name: 'c', kind: 'dind', orchestrator: 'swarm', nodes: [node], explain: noExplanation };
  await startAgent();
  database = await openDatabase(':memory:');
  store = new WorkspaceStore(database, new VirtualClock());
  await database.insertInto('users').values({ id: 'ann', role: 'single', name: 'Ann', created_at: 0 }).execute();
  await store.add({ id: 'w', userId: 'ann', lab: 'l', variant: undefined, cluster: 'c', seed: 's', facts: {} });
});

afterEach(async () => {
  await stopAgent();
  await database.destroy();
  rmSync(folder, { recursive: true });
});

/** A node's agent, with shells that the test plays; one that is started again has none of the old shells. */
async function startAgent(): Promise<void> {
  const api = new TerminalApi(new TerminalHost({ clock: new VirtualClock(), spawn: () => new FakePty() }));
  agent = createServer((request, response) => api.handle(request, response));
  await new Promise<void>((resolve) => agent.listen(join(folder, 'agent.sock'), resolve));
}

async function stopAgent(): Promise<void> {
  agent.closeAllConnections();
  await new Promise((resolve) => agent.close(resolve));
}

const terminals = () => new WorkspaceTerminals('w', store, () => {});

test('a server that was started again finds the shells that are still there', async () => {
  const before = terminals();
  await before.open(cluster);
  const shell = await before.create('master', SIZE);
  const after = terminals();
  await after.open(cluster);
  expect(after.list).toEqual([shell]);
  expect(after.get(shell.id)).toEqual(shell);
});

test('until it has looked it says that it does not know, which is not the same as gone', async () => {
  const before = terminals();
  await before.open(cluster);
  const shell = await before.create('master', SIZE);
  const after = terminals();
  expect(() => after.get(shell.id)).toThrow(expect.objectContaining({ code: 'SL_WORKSPACE_BUSY' }));
  await after.open(cluster);
  expect(() => after.get('nosuch')).toThrow(expect.objectContaining({ code: 'SL_TERMINAL_NOT_FOUND' }));
});

test('shells that went with their node are forgotten, those of a node that does not answer are not', async () => {
  const before = terminals();
  await before.open(cluster);
  const shell = await before.create('master', SIZE);
  await stopAgent();
  const meanwhile = terminals();
  await meanwhile.open(cluster);
  expect(meanwhile.list).toEqual([shell]);
  await expect(meanwhile.create('master', SIZE)).rejects.toMatchObject({ code: 'SL_HOST_UNREACHABLE' });

  await startAgent();
  const after = terminals();
  await after.open(cluster);
  expect(after.list).toEqual([]);
  expect(await store.terminals('w')).toEqual([]);
});

test('a shell is removed once, and asking again for one that its node has not is no error', async () => {
  const workspace = terminals();
  await workspace.open(cluster);
  const shell = await workspace.create('master', SIZE);
  await stopAgent();
  await startAgent();
  await workspace.remove(shell.id);
  expect(workspace.list).toEqual([]);
  await expect(workspace.remove(shell.id)).rejects.toMatchObject({ code: 'SL_TERMINAL_NOT_FOUND' });
  await expect(workspace.create('worker9', SIZE)).rejects.toMatchObject({ code: 'SL_NODE_NOT_FOUND' });
});
