import { EventEmitter } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Credentials } from '../../../server/clusters/host/credentials.ts';
import type { HostState } from '../../../server/clusters/host/host-api.ts';
import { HostClient } from '../../../server/clusters/host/host-client.ts';
import { createHostServer } from '../../../server/clusters/host/host-server.ts';
import type { HostedCluster, HostedClusterEvents } from '../../../server/clusters/host/hosted-cluster.ts';
import { listenOnSocket } from '../../../server/clusters/host/listen-on-socket.ts';
import { ProgressLog } from '../../../server/clusters/host/progress-log.ts';
import { SwarmlabError } from '../../../server/errors/swarmlab-error.ts';

/** A cluster that is made when the test says so. */
class ToldCluster extends EventEmitter<HostedClusterEvents> implements HostedCluster {
  readonly progress = new ProgressLog();
  readonly done: string[] = [];
  phase: HostState['phase'] = 'creating';
  failure: HostState['failure'];

  state(): HostState {
    return { phase: this.phase, progress: [...this.progress.entries], ...(this.failure && { failure: this.failure }) };
  }
  async run(): Promise<void> {}
  async down(): Promise<void> {
    this.done.push('down');
  }
  async act(node: string, action: string): Promise<void> {
    if (node !== 'worker1')
      throw new SwarmlabError('SL_NODE_NOT_FOUND', `no node ${node}`, { next: 'There is worker1.' });
    this.done.push(`${action} ${node}`);
  }
  explain(): never {
    throw new Error('unexpected');
  }
  commandPrefix(): string[] {
    return [];
  }
  settle(phase: HostState['phase'], failure?: HostState['failure']): void {
    this.phase = phase;
    this.failure = failure;
    this.emit('settled');
  }
}

let folder = '';
let cluster: ToldCluster;
let server: Server;
let client: HostClient;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sl-'));
  cluster = new ToldCluster();
  server = createHostServer(cluster);
  await listenOnSocket(server, join(folder, 'host.sock'));
  client = new HostClient(join(folder, 'host.sock'));
});
afterEach(() => {
  server.close();
  server.closeAllConnections();
  rmSync(folder, { recursive: true });
});

describe('following a cluster while it is made', () => {
  it('tells what was done before and what is done from now on, until it is ready', async () => {
    cluster.progress.add('before');
    const told: string[] = [];
    const followed = client.followProgress((text) => {
      told.push(text);
      if (text === 'before') cluster.progress.add('after');
      else cluster.settle('ready');
    });
    await followed;
    expect(told).toEqual(['before', 'after']);
  });

  it('ends at once when it was ready before', async () => {
    cluster.progress.add('before');
    cluster.settle('ready');
    const told: string[] = [];
    await client.followProgress((text) => told.push(text));
    expect(told).toEqual(['before']);
  });

  it('fails with the code, the words and the advice of what went wrong', async () => {
    cluster.settle('failed', { code: 'SL_SUBNET_TAKEN', message: 'taken', next: 'another' });
    const followed = client.followProgress(() => undefined);
    await expect(followed).rejects.toMatchObject({
      code: 'SL_SUBNET_TAKEN',
      message: 'taken',
      next: 'another',
      exitCode: 2,
    });
  });

  it('fails when the host dies meanwhile', async () => {
    cluster.progress.add('before');
    const followed = client.followProgress(() => server.closeAllConnections());
    await expect(followed).rejects.toMatchObject({ code: 'SL_HOST_UNREACHABLE' });
  });
});

describe('following what changes', () => {
  it('tells of the first change at once, and of those right after it together', async () => {
    let told = 0;
    const following = new AbortController();
    const followed = client.followChanges(() => told++, following.signal);
    await expect.poll(() => cluster.listenerCount('changed')).toBe(1);
    for (let change = 0; change < 100; change++) cluster.emit('changed');
    await expect.poll(() => told).toBe(2);
    following.abort();
    await followed;
    await expect.poll(() => cluster.listenerCount('changed')).toBe(0);
  });

  it('ends with the cluster', async () => {
    const followed = client.followChanges(() => undefined, new AbortController().signal);
    await expect.poll(() => cluster.listenerCount('changed')).toBe(1);
    cluster.emit('removed');
    await followed;
  });

  it('ends where there is no host', async () => {
    await new HostClient(join(folder, 'none.sock')).followChanges(() => undefined, new AbortController().signal);
  });
});

describe('asking the host', () => {
  it('to do something to a node does it', async () => {
    await client.act('worker1', 'disconnect');
    await client.down();
    expect(cluster.done).toEqual(['disconnect worker1', 'down']);
  });

  it('for a node that is not there is refused in its words', async () => {
    const refused = client.act('worker9', 'stop');
    await expect(refused).rejects.toMatchObject({ code: 'SL_NODE_NOT_FOUND', next: 'There is worker1.' });
  });

  it('when nobody is there is told as such', async () => {
    const nobody = new HostClient(join(folder, 'nobody.sock'));
    await expect(nobody.state()).rejects.toMatchObject({ code: 'SL_HOST_UNREACHABLE', exitCode: 3 });
  });
});

describe('credentials', () => {
  const credentials = new Credentials([
    { name: 'master', credential: 'm'.repeat(43) },
    { name: 'worker1', credential: 'w'.repeat(43) },
  ]);
  const nodeOf = (authorization?: string) => credentials.nodeOf({ headers: authorization ? { authorization } : {} });

  it('tell which node it is', () => {
    expect(nodeOf(`Bearer ${'w'.repeat(43)}`)).toBe('worker1');
  });

  it.each([undefined, '', 'Bearer ', `Bearer ${'w'.repeat(42)}`, 'w'.repeat(43), `Basic ${'w'.repeat(43)}`])(
    'are none of %j',
    (given) => {
      expect(nodeOf(given)).toBeUndefined();
    },
  );
});
