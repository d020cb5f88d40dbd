import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { Progress } from '../../server/clusters/progress.ts';
import { PROJECT_ROOT } from '../../server/clusters/project-root.ts';
import { type BenchCluster, withCluster } from './bench-cluster.ts';
import { compare, type Measurement } from './measurement.ts';

const run = promisify(execFile);
const IMAGE = 'registry.docker-dca.example:5000/nginx:latest';
const PORT = 31_080;
/** Where the requests come from. */
const CLIENT = 'worker1';
const SECONDS = 4;
const CONCURRENCY = 16;

const created = z.object({ ID: z.string() });
const tasks = z.array(
  z.object({
    Status: z.object({ State: z.string() }),
    NetworksAttachments: z.array(z.object({ Addresses: z.array(z.string()) })).optional(),
  }),
);
const load = z.object({
  requests: z.number(),
  failed: z.number(),
  seconds: z.number(),
  p50: z.number(),
  p99: z.number(),
});
type Load = z.infer<typeof load>;

/** A published port on one node answered by a task on another, beside that task's own address in the overlay. */
export async function benchMesh(runs: number, tell: Progress): Promise<Measurement[]> {
  return withCluster('builtin', async (cluster) => {
    const address = await startTask(cluster);
    // Both ways end in connections between the same two addresses. With clocks in their headers that are apart by a number of each pair
    // of addresses asked, the task would take a connection from a port just used the other way for an old one's packet.
    await run('docker', ['exec', containerOf(cluster, CLIENT), 'sysctl', '-q', '-w', 'net.ipv4.tcp_timestamps=2']);
    const mesh: Load[] = [];
    const direct: Load[] = [];
    for (let round = 0; round < runs; round++) {
      mesh.push(await loadFrom(cluster, CLIENT, `http://127.0.0.1:${PORT}/`));
      direct.push(await loadFrom(cluster, CLIENT, `http://${address}/`));
      const [ours, other] = [mesh.at(-1), direct.at(-1)];
      tell(
        `mesh ${ours?.requests} requests, ${ours?.failed} failed; direct ${other?.requests}, ${other?.failed} failed`,
      );
    }
    const rate = (all: Load[]) => all.map((each) => each.requests / each.seconds);
    const slow = (all: Load[]) => all.map((each) => each.p99);
    return [
      compare('through the mesh', 'requests/s', rate(mesh), { name: 'direct', values: rate(direct) }, { atLeast: 0.9 }),
      compare('through the mesh, p99', 'ms', slow(mesh), { name: 'direct', values: slow(direct) }, { atMost: 1.2 }),
    ];
  });
}

/** One nginx on worker2; gives its address in the ingress network. */
async function startTask(cluster: BenchCluster): Promise<string> {
  const { ID } = created.parse(
    await cluster.call('master', 'POST', '/services/create', {
      Name: 'web',
      TaskTemplate: {
        ContainerSpec: { Image: IMAGE },
        Placement: { Constraints: ['node.hostname==worker2.docker-dca.example'] },
      },
      Mode: { Replicated: { Replicas: 1 } },
      EndpointSpec: { Ports: [{ Protocol: 'tcp', TargetPort: 80, PublishedPort: PORT, PublishMode: 'ingress' }] },
    }),
  );
  for (;;) {
    const filters = encodeURIComponent(JSON.stringify({ service: [ID] }));
    const [task] = tasks.parse(await cluster.call('master', 'GET', `/tasks?filters=${filters}`));
    const address = task?.NetworksAttachments?.[0]?.Addresses[0];
    if (task?.Status.State === 'running' && address !== undefined) return address.replace(/\/\d+$/, '');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** The node's container, to run something in as root. */
function containerOf(cluster: BenchCluster, node: string): string {
  return cluster.record.nodes.find((each) => each.name === node)?.container ?? node;
}

async function loadFrom(cluster: BenchCluster, node: string, url: string): Promise<Load> {
  const program = readFileSync(join(PROJECT_ROOT, 'test', 'bench', 'load.mjs'), 'utf8');
  const command = ['exec', containerOf(cluster, node), 'node', '--input-type=module', '-e', program, '--'];
  const { stdout } = await run('docker', [...command, String(SECONDS), String(CONCURRENCY), url]);
  return load.parse(JSON.parse(stdout));
}
