import { EngineError } from '../../engine.ts';
import type { SimulatedContainer } from '../container.ts';
import { ProgramIo } from '../program-io.ts';
import type { SimulatedEngine } from '../simulated-engine.ts';
import { joinStreams } from './join-streams.ts';
import type { Route } from './route.ts';

interface Exec {
  container: SimulatedContainer;
  argv: string[];
  tty: boolean;
  attachStdin: boolean;
  env: Record<string, string>;
  cwd: string | undefined;
  user: string | undefined;
  running: boolean;
  exitCode: number | null;
}

/** `docker exec`: made, started with or without its streams, inspected. */
export function execRoutes(engine: SimulatedEngine): Route[] {
  const execs = new Map<string, Exec>();
  const find = (id: string): Exec => {
    const exec = execs.get(id);
    if (exec === undefined) throw new EngineError(404, `No such exec instance: ${id}`);
    return exec;
  };
  const run = async (exec: Exec, io: ProgramIo) => {
    exec.running = true;
    exec.exitCode = await exec.container.execute(exec.argv, {
      io,
      env: exec.env,
      ...(exec.cwd === undefined ? {} : { cwd: exec.cwd }),
      ...(exec.user === undefined ? {} : { user: exec.user }),
    });
    exec.running = false;
  };
  return [
    {
      method: 'POST',
      pattern: '/containers/{id}/exec',
      answer: async (request) => {
        const container = engine.container(request.param('id'));
        if (!container.state.Running) throw new EngineError(409, `container ${container.id} is not running`);
        const body = await request.json();
        const argv = Array.isArray(body.Cmd) ? body.Cmd.map(String) : [];
        if (argv.length === 0) throw new EngineError(400, 'No exec command specified');
        const env = (Array.isArray(body.Env) ? body.Env : []).map((entry) => String(entry).split(/=(.*)/s).slice(0, 2));
        const Id = engine.newId('exec');
        execs.set(Id, {
          container,
          argv,
          tty: body.Tty === true,
          attachStdin: body.AttachStdin === true,
          env: Object.fromEntries(env),
          cwd: typeof body.WorkingDir === 'string' && body.WorkingDir !== '' ? body.WorkingDir : undefined,
          user: typeof body.User === 'string' && body.User !== '' ? body.User : undefined,
          running: false,
          exitCode: null,
        });
        request.send(201, { Id });
      },
    },
    {
      method: 'POST',
      pattern: '/exec/{id}/start',
      answer: async (request) => {
        const exec = find(request.param('id'));
        const body = request.socket === undefined ? await request.json() : {};
        const io = new ProgramIo({ tty: exec.tty, open: exec.attachStdin, onInterrupt: () => {} });
        if (body.Detach === true) {
          void run(exec, io);
          request.send(200);
          return;
        }
        const streams = joinStreams(request.hijack(exec.tty), io);
        await run(exec, io);
        streams.end();
      },
    },
    {
      method: 'GET',
      pattern: '/exec/{id}/json',
      answer: async (request) => {
        const id = request.param('id');
        const exec = find(id);
        request.send(200, {
          ID: id,
          Running: exec.running,
          ExitCode: exec.exitCode,
          ContainerID: exec.container.id,
          Pid: 0,
          ProcessConfig: { tty: exec.tty, entrypoint: exec.argv[0], arguments: exec.argv.slice(1), privileged: false },
          OpenStdin: exec.attachStdin,
          OpenStderr: true,
          OpenStdout: true,
        });
      },
    },
    { method: 'POST', pattern: '/exec/{id}/resize', answer: async (request) => request.send(200) },
  ];
}
