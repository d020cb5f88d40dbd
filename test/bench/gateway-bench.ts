import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, createServer, request, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RealClock } from '../../server/clock/real-clock.ts';
import type { Progress } from '../../server/clusters/progress.ts';
import { createGateway } from '../../server/gateway/gateway.ts';
import { UnixUpstream } from '../../server/gateway/upstream/unix-upstream.ts';
import { Witness } from '../../server/gateway/witness/witness.ts';
import { alternate, compare, type Measurement } from './measurement.ts';

const REQUESTS = 2_000;
const STREAM_BYTES = 256 * 1024 * 1024;
const CHUNK = Buffer.alloc(64 * 1024);
/** About what GET /containers/json answers with ten containers. */
const ANSWER = JSON.stringify(
  Array.from({ length: 10 }, (_, at) => ({ Id: `${at}`.repeat(64), Labels: {}, Mounts: [] })),
);

/**
 * What the gateway, guard and witness included, adds to a request and to a long stream: through it, and without it from the same
 * engine, which here answers from memory, so that nothing else is measured. All of it runs in one process on one core.
 */
export async function benchGateway(runs: number, tell: Progress): Promise<Measurement[]> {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-bench-'));
  const engine = await serveEngine(join(folder, 'engine.sock'));
  const clock = new RealClock();
  const upstream = new UnixUpstream(join(folder, 'engine.sock'));
  const guard = { home: '/home/vagrant', gatewaySocket: '/var/run/docker.sock' };
  const gateway = createGateway({ clock, engine: upstream, swarm: undefined, guard, witness: new Witness(clock) });
  const listener = await gateway.listen(join(folder, 'docker.sock'));
  const direct = new Client(join(folder, 'engine.sock'));
  const through = new Client(listener.path);
  try {
    await Promise.all([through.requests(200), direct.requests(200)]);
    const [ours, beside] = await alternate(
      runs,
      () => through.requests(REQUESTS),
      () => direct.requests(REQUESTS),
    );
    tell(`${REQUESTS} requests, one after the other`);
    const [stream, bare] = await alternate(
      runs,
      () => through.stream(),
      () => direct.stream(),
    );
    tell(`${STREAM_BYTES / 1024 / 1024} MiB in one answer`);
    return [
      compare('a request', 'ms', ours, { name: 'the engine itself', values: beside }),
      compare('256 MiB streamed', 's', stream, { name: 'the engine itself', values: bare }),
    ];
  } finally {
    direct.close();
    through.close();
    await listener.close();
    upstream.close();
    engine.close();
    rmSync(folder, { recursive: true });
  }
}

function serveEngine(path: string): Promise<Server> {
  const server = createServer(async (req, res) => {
    if (!req.url?.includes('/export')) {
      res.writeHead(200, { 'content-type': 'application/json' }).end(ANSWER);
      return;
    }
    for (let sent = 0; sent < STREAM_BYTES; sent += CHUNK.length) {
      if (!res.write(CHUNK)) await new Promise((resolve) => res.once('drain', resolve));
    }
    res.end();
  });
  return new Promise((resolve) => server.listen(path, () => resolve(server)));
}

class Client {
  readonly #agent = new Agent({ keepAlive: true });
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** Milliseconds a request. */
  async requests(count: number): Promise<number> {
    const began = performance.now();
    for (let at = 0; at < count; at++) await this.#get('/v1.45/containers/json?all=1');
    return (performance.now() - began) / count;
  }

  /** Seconds of one long answer. */
  async stream(): Promise<number> {
    const began = performance.now();
    await this.#get('/v1.45/containers/web/export');
    return (performance.now() - began) / 1000;
  }

  #get(path: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const call = request({ socketPath: this.#path, agent: this.#agent, path }, (answer) => {
        answer.on('end', resolve).on('error', reject).resume();
      });
      call.on('error', reject);
      call.end();
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}
