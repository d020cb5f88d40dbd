import { request } from 'node:http';
import { z } from 'zod';
import type { Progress } from '../../server/clusters/progress.ts';
import { type BenchCluster, withCluster } from './bench-cluster.ts';
import { compare, type Measurement, seconds } from './measurement.ts';

const REPLICAS = 50;
const IMAGE = 'registry.docker-dca.example:5000/alpine:latest';
const PING = ['ping', 'google.com'];
/** Milliseconds between looks: little beside what is measured, and few enough to take no processor from it: straight has none. */
const LOOK_EVERY = 50;
/** How many containers are started at a time on each engine when they are started straight. */
const AT_A_TIME = 6;

const services = z.array(z.object({ ServiceStatus: z.object({ RunningTasks: z.number() }).optional() }));
const created = z.object({ ID: z.string() });
const service = z.object({ Version: z.object({ Index: z.number() }), Spec: z.record(z.string(), z.unknown()) });

/**
 * Seconds of scaling a service from 1 to 50, until all run and all have logged something: builtin, beside a real Swarm on nodes of
 * the same kind, and beside 50 containers started straight on the four engines.
 */
export async function benchScale(runs: number, tell: Progress): Promise<Measurement[]> {
  return withCluster('builtin', (ours) =>
    withCluster('swarm', async (theirs) => {
      const times = { ours: [] as number[], swarm: [] as number[], raw: [] as number[] };
      for (let run = 0; run < runs; run++) {
        times.ours.push(await scaleUp(ours));
        times.swarm.push(await scaleUp(theirs));
        times.raw.push(await startStraight(ours));
        const last = [times.ours, times.swarm, times.raw].map((each) => each.at(-1)?.toFixed(2));
        tell(`1 to ${REPLICAS}: builtin ${last[0]} s, real Swarm ${last[1]} s, straight ${last[2]} s`);
      }
      return [
        compare(
          '1 to 50 running and logging',
          's',
          times.ours,
          { name: 'real Swarm', values: times.swarm },
          { atMost: 1 },
        ),
        compare(
          '1 to 50 running and logging',
          's',
          times.ours,
          { name: 'straight', values: times.raw },
          { atMost: 1.15 },
        ),
      ];
    }),
  );
}

/** Seconds from the request that scales a service from 1 to 50 until all run and have logged something; looks every so many milliseconds. */
export async function scaleUp(cluster: BenchCluster, lookEvery = LOOK_EVERY): Promise<number> {
  const until = (holds: () => Promise<boolean>) => untilHolds(holds, lookEvery);
  const { ID } = created.parse(
    await cluster.call('master', 'POST', '/services/create', {
      Name: 'pinger',
      TaskTemplate: { ContainerSpec: { Image: IMAGE, Args: PING } },
      Mode: { Replicated: { Replicas: 1 } },
    }),
  );
  await until(async () => (await running(cluster)) === 1);
  const { Version, Spec } = service.parse(await cluster.call('master', 'GET', `/services/${ID}`));
  const took = await seconds(async () => {
    const body = { ...Spec, Mode: { Replicated: { Replicas: REPLICAS } } };
    await cluster.call('master', 'POST', `/services/${ID}/update?version=${Version.Index}`, body);
    await until(async () => (await running(cluster)) === REPLICAS);
    await until(async () => (await logging(cluster.socket('master'), ID)) === REPLICAS);
  });
  await cluster.call('master', 'DELETE', `/services/${ID}`);
  await until(async () => (await containers(cluster)) === 0);
  return took;
}

/** The same containers without any orchestrator: what the engines can do at best. */
async function startStraight(cluster: BenchCluster): Promise<number> {
  const nodes = cluster.record.nodes.map((node) => node.name);
  const names = Array.from({ length: REPLICAS - 1 }, (_, index) => ({
    name: `straight-${index}`,
    node: nodes[index % 4] ?? '',
  }));
  const took = await seconds(async () => {
    await Promise.all(
      nodes.map((node) =>
        startOn(
          cluster,
          node,
          names.filter((each) => each.node === node).map((each) => each.name),
        ),
      ),
    );
  });
  await Promise.all(
    names.map(({ name, node }) => cluster.call(node, 'DELETE', `/containers/${name}?force=true&v=true`)),
  );
  return took;
}

async function startOn(cluster: BenchCluster, node: string, names: string[]): Promise<void> {
  const waiting = [...names];
  const worker = async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      await cluster.call(node, 'POST', `/containers/create?name=${name}`, { Image: IMAGE, Cmd: PING });
      await cluster.call(node, 'POST', `/containers/${name}/start`);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
}

async function running(cluster: BenchCluster): Promise<number> {
  const [first] = services.parse(await cluster.call('master', 'GET', '/services?status=true'));
  return first?.ServiceStatus?.RunningTasks ?? 0;
}

async function containers(cluster: BenchCluster): Promise<number> {
  const lists = await Promise.all(
    cluster.record.nodes.map((node) => cluster.call(node.name, 'GET', '/containers/json?all=true')),
  );
  return lists.reduce<number>((total, list) => total + z.array(z.unknown()).parse(list).length, 0);
}

/** How many tasks of the service have logged something. */
function logging(socketPath: string, id: string): Promise<number> {
  const path = `/v1.45/services/${id}/logs?stdout=true&stderr=true&details=true&tail=1`;
  return new Promise((resolve, reject) => {
    const call = request({ socketPath, path }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('end', () => {
        const text = Buffer.concat(chunks).toString('latin1');
        resolve(new Set([...text.matchAll(/com\.docker\.swarm\.task\.id=(\w+)/g)].map((match) => match[1])).size);
      });
    });
    call.once('error', reject);
    call.end();
  });
}

async function untilHolds(holds: () => Promise<boolean>, lookEvery: number): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, lookEvery));
}
