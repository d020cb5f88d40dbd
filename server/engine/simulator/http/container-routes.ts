import { matchesGoPattern } from '../../../patterns/go-pattern.ts';
import { EngineError } from '../../engine.ts';
import type { SimulatedContainer } from '../container.ts';
import type { SimulatedEngine } from '../simulated-engine.ts';
import { inspectJson, listJson } from './container-json.ts';
import { sendStats, topJson } from './container-usage.ts';
import { joinStreams } from './join-streams.ts';
import { type EngineRequest, frame } from './request.ts';
import type { Route } from './route.ts';

/** Names for containers that were given none, as the engine makes them: two words. */
function inventName(engine: SimulatedEngine): string {
  const moods = ['brave', 'calm', 'eager', 'gentle', 'keen', 'merry', 'quick', 'sharp', 'vivid', 'wise'];
  const people = [
    'babbage',
    'curie',
    'dijkstra',
    'euler',
    'hopper',
    'kepler',
    'lovelace',
    'noether',
    'turing',
    'wozniak',
  ];
  const taken = new Set(engine.containers().map(({ name }) => name));
  for (let number = 0; ; number++) {
    const name = `${moods[number % moods.length]}_${people[Math.floor(number / moods.length) % people.length]}`;
    const candidate = number < moods.length * people.length ? name : `${name}${number}`;
    if (!taken.has(candidate)) return candidate;
  }
}

function passes(container: SimulatedContainer, filters: Record<string, string[]>): boolean {
  return Object.entries(filters).every(([key, values]) => {
    switch (key) {
      case 'id':
        return values.some((value) => container.id.startsWith(value));
      case 'name':
        return values.some((value) => matchesGoPattern(`/${container.name}`, value));
      case 'status':
        return values.includes(container.state.Status);
      case 'exited':
        return container.state.Status === 'exited' && values.includes(String(container.state.ExitCode));
      case 'ancestor':
        return values.some((value) => container.body.Image?.split(':')[0] === value.split(':')[0]);
      case 'network':
        return values.some((value) =>
          Object.entries(container.endpoints).some(
            ([name, { NetworkID }]) => name === value || NetworkID.startsWith(value),
          ),
        );
      case 'health':
        return values.includes(container.state.Health?.Status ?? 'none');
      case 'label':
        return values.every((wanted) => {
          const [name = '', value] = wanted.split(/=(.*)/s);
          return name in container.labels && (value === undefined || container.labels[name] === value);
        });
      case 'volume':
        return values.some((value) => JSON.stringify(container.body.HostConfig ?? {}).includes(value));
      case 'publish':
      case 'expose':
      case 'since':
      case 'before':
      case 'is-task':
      case 'isolation':
        return key !== 'is-task' || 'com.docker.swarm.task.id' in container.labels === values.includes('true');
      default:
        throw new EngineError(400, `invalid filter '${key}'`);
    }
  });
}

async function sendLogs(request: EngineRequest, container: SimulatedContainer): Promise<void> {
  const stdout = request.flag('stdout');
  const stderr = request.flag('stderr');
  if (!stdout && !stderr) throw new EngineError(400, 'Bad parameters: you must choose at least one stream');
  const tail = request.query.get('tail');
  const since = Number(request.query.get('since') ?? 0);
  const tty = container.body.Tty === true;
  const gone = request.gone();
  const lines = container.readLog({
    stdout,
    stderr,
    follow: request.flag('follow'),
    ...(since > 0 ? { since } : {}),
    ...(tail === null || tail === 'all' || tail === '' ? {} : { tail: Number(tail) }),
    signal: gone,
  });
  const stream = request.stream(`application/vnd.docker.${tty ? 'raw' : 'multiplexed'}-stream`);
  for await (const { stream: name, timestamp, line } of lines) {
    const text = request.flag('timestamps') ? Buffer.concat([Buffer.from(`${timestamp} `), line]) : line;
    stream.write(tty ? text : frame(name, text));
  }
  stream.end();
}

/** `/containers`: everything a simulated container can do. */
export function containerRoutes(engine: SimulatedEngine): Route[] {
  const post = (
    action: string,
    answer: (container: SimulatedContainer, request: EngineRequest) => Promise<void>,
  ): Route => ({
    method: 'POST',
    pattern: `/containers/{id}/${action}`,
    answer: (request) => answer(engine.container(request.param('id')), request),
  });
  const get = (
    what: string,
    answer: (container: SimulatedContainer, request: EngineRequest) => Promise<void>,
  ): Route => ({
    method: 'GET',
    pattern: `/containers/{id}/${what}`,
    answer: (request) => answer(engine.container(request.param('id')), request),
  });
  const grace = (request: EngineRequest) => {
    const seconds = request.query.get('t');
    return seconds === null ? undefined : Number(seconds);
  };
  return [
    {
      method: 'GET',
      pattern: '/containers/json',
      answer: async (request) => {
        const filters = request.filters();
        const all = request.flag('all') || filters.status !== undefined || filters.exited !== undefined;
        const listed = engine
          .containers()
          .filter((container) => (all || container.state.Running) && passes(container, filters));
        const newestFirst = listed.reverse();
        const limit = Number(request.query.get('limit') ?? 0);
        request.send(
          200,
          (limit > 0 ? newestFirst.slice(0, limit) : newestFirst).map((container) =>
            listJson(container, engine.clock.now()),
          ),
        );
      },
    },
    {
      method: 'POST',
      pattern: '/containers/create',
      answer: async (request) => {
        const name = request.query.get('name') || inventName(engine);
        request.send(201, await engine.createContainer(name, await request.json()));
      },
    },
    {
      method: 'POST',
      pattern: '/containers/prune',
      answer: async (request) => {
        const ended = engine.containers().filter(({ state }) => !state.Running);
        for (const { id } of ended) await engine.removeContainer(id, { force: false, volumes: false });
        request.send(200, { ContainersDeleted: ended.map(({ id }) => id), SpaceReclaimed: 0 });
      },
    },
    get('json', async (container, request) => request.send(200, inspectJson(container))),
    get('logs', (container, request) => sendLogs(request, container)),
    get('top', async (container, request) => request.send(200, topJson(container))),
    get('stats', (container, request) => sendStats(engine, container, request)),
    get('changes', async (_container, request) => request.send(200, [])),
    post('start', async (container, request) => {
      if (container.state.Running) return request.send(304);
      await engine.startContainer(container.id);
      request.send(204);
    }),
    post('stop', async (container, request) => {
      if (!container.state.Running) return request.send(304);
      await container.stop(grace(request));
      request.send(204);
    }),
    post('restart', async (container, request) => {
      await container.stop(grace(request));
      await engine.startContainer(container.id);
      request.send(204);
    }),
    post('kill', async (container, request) => {
      const signal = request.query.get('signal') || 'SIGKILL';
      container.kill(
        signal.startsWith('SIG') ? signal : signal === '9' ? 'SIGKILL' : signal === '15' ? 'SIGTERM' : `SIG${signal}`,
      );
      request.send(204);
    }),
    post('rename', async (container, request) => {
      engine.renameContainer(container.id, request.query.get('name') ?? '');
      request.send(204);
    }),
    post('update', async (container, request) => {
      const { Memory, RestartPolicy, ...rest } = await request.json();
      const limits = {
        ...rest,
        ...(Memory ? { Memory: Number(Memory) } : {}),
        ...(RestartPolicy ? { RestartPolicy } : {}),
      };
      container.body.HostConfig = { ...container.body.HostConfig, ...limits };
      request.send(200, { Warnings: null });
    }),
    post('resize', async (_container, request) => request.send(200)),
    post('wait', async (container, request) => {
      const removed = request.query.get('condition') === 'removed';
      const next = request.query.get('condition') === 'next-exit' || (removed && !container.state.Running);
      request.response?.writeHead(200, { 'Content-Type': 'application/json' });
      request.response?.flushHeaders();
      await (next && !container.state.Running ? container.nextExit() : container.wait());
      request.response?.end(`${JSON.stringify({ StatusCode: container.state.ExitCode })}\n`);
    }),
    post('attach', async (container, request) => {
      const io = container.io();
      const socket = request.hijack(io.tty);
      const streams = joinStreams(socket, io, { input: request.flag('stdin') });
      await (container.state.Running ? container.wait() : container.nextExit());
      streams.end();
    }),
    {
      method: 'DELETE',
      pattern: '/containers/{id}',
      answer: async (request) => {
        await engine.removeContainer(request.param('id'), { force: request.flag('force'), volumes: request.flag('v') });
        request.send(204);
      },
    },
  ];
}
