import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../support/random.ts';
import { Swarmlab } from '../support/swarmlab.ts';

const NAME = `k${randomBytes(3).toString('hex')}`;
const NODES = ['master', 'worker1', 'worker2', 'registry'];
const IMAGES = 'registry.docker-dca.example:5000';
const MOMENTS = 20;
/** Milliseconds from the beginning of scaling within which the host is killed. */
const SPAN = 8_000;
const swarmlab = new Swarmlab();

/** The same moments in every run. */
const random = new Random(20);
const moments = Array.from({ length: MOMENTS }, () => Math.floor(random.next() * SPAN));

const docker = async (node: string, command: string) => {
  const { exitCode, stdout, stderr } = await swarmlab.exec(NAME, node, `docker ${command}`);
  expect(exitCode, stderr).toBe(0);
  return stdout.trim();
};
const killHost = () =>
  process.kill(Number(readFileSync(join(swarmlab.state, 'clusters', NAME, 'host.pid'), 'utf8')), 'SIGKILL');

beforeAll(async () => {
  await swarmlab.print('cluster', 'up', NAME, '--nodes', 'dind');
  await docker('master', `service create -q --name web --replicas 2 -p 30080:80 ${IMAGES}/nginx`);
});
afterAll(() => swarmlab.dispose());

describe('the cluster host killed while a service is scaled from 1 to 50', () => {
  it.each(moments)(
    'after %i ms: fifty run, each slot once, and published ports answer all the while',
    async (moment) => {
      await docker('master', `service create -q --name pinger ${IMAGES}/alpine ping google.com`);
      const asking = swarmlab.exec(
        NAME,
        'worker1',
        'for i in $(seq 100); do curl -sf -o /dev/null -m 5 http://127.0.0.1:30080 || echo failed; sleep 0.1; done',
      );
      await docker('master', 'service scale -d pinger=50');
      await new Promise((resolve) => setTimeout(resolve, moment));
      killHost();
      const replicas = () => docker('master', "service ls --filter name=pinger --format '{{.Replicas}}'");
      await expect.poll(replicas, { timeout: 120_000, interval: 1_000 }).toBe('50/50');
      const names = await Promise.all(
        NODES.map((node) =>
          docker(node, "ps -a --filter label=com.docker.swarm.service.name=pinger --format '{{.Names}}'"),
        ),
      );
      const containers = names.flatMap((each) => each.split('\n')).filter(Boolean);
      expect(new Set(containers.map((name) => name.split('.')[1])).size).toBe(50);
      expect(containers).toHaveLength(50);
      expect((await asking).stdout).toBe('');
      await docker('master', 'service rm pinger');
      const left = () =>
        Promise.all(NODES.map((node) => docker(node, 'ps -aq --filter label=com.docker.swarm.service.name=pinger')));
      await expect.poll(async () => (await left()).join(''), { timeout: 120_000, interval: 1_000 }).toBe('');
    },
  );
});
