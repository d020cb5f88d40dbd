import { EngineError } from '../../engine.ts';
import type { SimulatedContainer } from '../container.ts';
import type { SimulatedEngine } from '../simulated-engine.ts';
import type { EngineRequest } from './request.ts';

/** Milliseconds between two lines of `docker stats`. */
const INTERVAL = 1_000;
/** What a simulated program takes: a MiB, and a thousandth of a processor. */
const MEMORY = 1024 * 1024;
const PROCESSOR_SHARE = 0.001;
const NANOSECONDS = 1e6;

/** `docker stats`: once, or every second of the clock until the client goes or the container is removed. */
export async function sendStats(
  engine: SimulatedEngine,
  container: SimulatedContainer,
  request: EngineRequest,
): Promise<void> {
  const gone = request.gone();
  const once = request.query.has('stream') && !request.flag('stream');
  if (once) return request.send(200, statsJson(engine, container));
  const stream = request.stream('application/json');
  while (!gone.aborted && engine.containers().includes(container)) {
    stream.write(`${JSON.stringify(statsJson(engine, container))}\n`);
    await new Promise<void>((resolve) => {
      const timer = engine.clock.after(INTERVAL, resolve);
      gone.addEventListener('abort', () => {
        timer.dispose();
        resolve();
      });
    });
  }
  stream.end();
}

function statsJson(engine: SimulatedEngine, container: SimulatedContainer): Record<string, unknown> {
  const { clock, machine } = engine;
  const running = container.state.Running;
  const now = clock.now();
  const since = running ? now - Date.parse(container.state.StartedAt) : 0;
  const usage = (milliseconds: number) => ({
    cpu_usage: {
      total_usage: Math.max(0, Math.round(milliseconds * NANOSECONDS * PROCESSOR_SHARE)),
      usage_in_kernelmode: 0,
      usage_in_usermode: 0,
    },
    system_cpu_usage: Math.round((1e9 + milliseconds) * NANOSECONDS * machine.cpus),
    online_cpus: machine.cpus,
  });
  return {
    read: clock.timestamp(),
    preread: new Date(Math.max(0, now - INTERVAL)).toISOString(),
    name: `/${container.name}`,
    id: container.id,
    num_procs: 0,
    storage_stats: {},
    cpu_stats: running ? usage(since) : {},
    precpu_stats: running ? usage(since - INTERVAL) : {},
    memory_stats: running
      ? { usage: MEMORY, limit: container.body.HostConfig?.Memory || machine.memoryBytes, stats: {} }
      : {},
    pids_stats: running ? { current: 1 } : {},
    networks: {},
    blkio_stats: {},
  };
}

/** `docker top`. Throws 409 for a container that does not run. */
export function topJson(container: SimulatedContainer): Record<string, unknown> {
  if (!container.state.Running) throw new EngineError(409, `container ${container.id} is not running`);
  const started = container.state.StartedAt.slice(11, 16);
  return {
    Titles: ['UID', 'PID', 'PPID', 'C', 'STIME', 'TTY', 'TIME', 'CMD'],
    Processes: [['root', String(container.state.Pid), '1', '0', started, '?', '00:00:00', container.argv.join(' ')]],
  };
}
