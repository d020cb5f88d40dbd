import { EngineError } from '../../engine.ts';
import type { SimulatedEngine } from '../simulated-engine.ts';
import { API_VERSION, DAEMON_HEADERS } from './api-version.ts';
import { matchesEvent, presentEvent } from './events.ts';
import type { Route } from './route.ts';

/** `/_ping`, `/version`, `/info`, `/events`, `/system/df`; plugins and a build cache, of which a simulated engine has none. */
export function systemRoutes(engine: SimulatedEngine): Route[] {
  const { machine } = engine;
  return [
    {
      method: 'GET',
      pattern: '/_ping',
      answer: async (request) => {
        const response = request.response;
        response?.writeHead(200, {
          ...DAEMON_HEADERS,
          'Builder-Version': '1',
          'Cache-Control': 'no-cache, no-store, must-revalidate',
          'Content-Type': 'text/plain; charset=utf-8',
          Pragma: 'no-cache',
          'Content-Length': 2,
        });
        response?.end(request.method === 'HEAD' ? undefined : 'OK');
      },
    },
    {
      method: 'GET',
      pattern: '/version',
      answer: async (request) =>
        request.send(200, {
          Platform: { Name: '' },
          Components: [
            {
              Name: 'Engine',
              Version: machine.engineVersion,
              Details: { ApiVersion: API_VERSION, MinAPIVersion: '1.24' },
            },
          ],
          Version: machine.engineVersion,
          ApiVersion: API_VERSION,
          MinAPIVersion: '1.24',
          Os: 'linux',
          Arch: 'amd64',
          GitCommit: '',
          GoVersion: '',
          KernelVersion: 'simulated',
        }),
    },
    {
      method: 'GET',
      pattern: '/info',
      answer: async (request) => {
        const containers = engine.containers();
        const running = containers.filter(({ state }) => state.Running).length;
        request.send(200, {
          ...(await engine.info()),
          ID: engine.id,
          Containers: containers.length,
          ContainersRunning: running,
          ContainersPaused: 0,
          ContainersStopped: containers.length - running,
          Images: engine.images.list().length,
          Driver: 'overlay2',
          DriverStatus: [['Backing Filesystem', 'simulated']],
          MemoryLimit: true,
          SwapLimit: true,
          PidsLimit: true,
          IPv4Forwarding: true,
          OperatingSystem: 'Debian GNU/Linux 13 (trixie)',
          OSVersion: '13',
          KernelVersion: 'simulated',
          LoggingDriver: 'json-file',
          CgroupDriver: 'cgroupfs',
          CgroupVersion: '2',
          SystemTime: engine.clock.timestamp(),
          DockerRootDir: '/var/lib/docker',
          IndexServerAddress: 'https://index.docker.io/v1/',
          RegistryConfig: { IndexConfigs: {}, InsecureRegistryCIDRs: ['127.0.0.0/8'], Mirrors: [] },
          Runtimes: { runc: { path: 'runc' } },
          DefaultRuntime: 'runc',
          Swarm: {
            NodeID: '',
            NodeAddr: '',
            LocalNodeState: 'inactive',
            ControlAvailable: false,
            Error: '',
            RemoteManagers: null,
          },
          LiveRestoreEnabled: false,
          Isolation: '',
          InitBinary: 'docker-init',
          SecurityOptions: ['name=seccomp,profile=builtin'],
          Warnings: null,
        });
      },
    },
    {
      method: 'GET',
      pattern: '/events',
      answer: async (request) => {
        const filters = request.filters();
        const since = eventTime(request.query.get('since'));
        const until = eventTime(request.query.get('until'));
        if (since !== undefined && until !== undefined && since > until)
          throw new EngineError(400, `\`since\` time (${since}) cannot be after \`until\` time (${until})`);
        const gone = request.gone();
        const stream = request.stream('application/json');
        const write = (event: Parameters<typeof presentEvent>[0]) => {
          if (matchesEvent(event, filters)) stream.write(`${JSON.stringify(presentEvent(event))}\n`);
        };
        const last = (until ?? Number.POSITIVE_INFINITY) * 1e9;
        if (since !== undefined)
          for (const event of engine.eventLog.since(since * 1e9)) if (event.timeNano <= last) write(event);
        if (last <= engine.clock.now() * 1e6) {
          stream.end();
          return;
        }
        const ended = new AbortController();
        gone.addEventListener('abort', () => ended.abort());
        if (until !== undefined) engine.clock.after(until * 1000 - engine.clock.now(), () => ended.abort());
        for await (const event of engine.events(ended.signal)) write(event);
        stream.end();
      },
    },
    { method: 'GET', pattern: '/plugins', answer: async (request) => request.send(200, []) },
    {
      method: 'GET',
      pattern: '/plugins/{name}/json',
      answer: async (request) => {
        throw new EngineError(404, `plugin "${request.param('name')}" not found`);
      },
    },
    {
      method: 'POST',
      pattern: '/build/prune',
      answer: async (request) => request.send(200, { CachesDeleted: null, SpaceReclaimed: 0 }),
    },
    {
      method: 'GET',
      pattern: '/system/df',
      answer: async (request) =>
        request.send(200, {
          LayersSize: engine.images.list().reduce((sum, image) => sum + image.size, 0),
          Images: engine.images.list().map((image) => ({
            Id: image.id,
            RepoTags: image.tags,
            Size: image.size,
            SharedSize: 0,
            Containers: engine.containers().filter((container) => container.image.id === image.id).length,
            Created: Math.floor(Date.parse(image.created) / 1000),
          })),
          Containers: engine.containers().map((container) => ({
            Id: container.id,
            Names: [`/${container.name}`],
            Image: container.body.Image,
            SizeRw: 0,
            State: container.state.Status,
          })),
          Volumes: [...engine.volumes.values()].map((volume) => ({
            Name: volume.name,
            Driver: 'local',
            UsageData: { Size: 0, RefCount: 0 },
          })),
          BuildCache: [],
        }),
    },
  ];
}

/** Unix seconds with a fraction, undefined for none. Throws what Go's number parser says of anything else. */
function eventTime(text: string | null): number | undefined {
  if (text === null || text === '') return undefined;
  if (!/^-?\d+(\.\d+)?$/.test(text))
    throw new EngineError(500, `strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  return Number(text);
}
