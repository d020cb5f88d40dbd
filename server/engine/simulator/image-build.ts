import { createHash } from 'node:crypto';
import { EngineError } from '../engine.ts';
import { ContainerFiles } from './container-files.ts';
import { assignments, commandWords, execForm, type Instruction, parseDockerfile, substitute } from './dockerfile.ts';
import type { ImageFile, SimulatedImage } from './images.ts';
import type { SimulatedEngine } from './simulated-engine.ts';

export interface BuildRequest {
  /** The files of the context, by path. */
  context: ReadonlyMap<string, ImageFile>;
  dockerfile: string;
  tags: readonly string[];
  args: Readonly<Record<string, string>>;
  labels: Readonly<Record<string, string>>;
  /** Everything that the builder says, as it says it. */
  say(text: string): void;
}

/** What a build has come to. */
interface Stage {
  config: SimulatedImage['config'];
  files: Map<string, ImageFile>;
  size: number;
  /** Digests what was done, so that the same build gives the same image. */
  history: string[];
}

/** Builds an image as the classic builder does, step by step, its commands run by the simulated shell. Gives the image. */
export async function buildImage(engine: SimulatedEngine, request: BuildRequest): Promise<SimulatedImage> {
  const source = request.context.get(request.dockerfile);
  if (source === undefined) throw new EngineError(500, `Cannot locate specified Dockerfile: ${request.dockerfile}`);
  const steps = parseDockerfile(Buffer.from(source.content).toString());
  const args: Record<string, string> = {};
  const stages = new Map<string, Stage>();
  let stage: Stage | undefined;
  let image: SimulatedImage | undefined;
  for (const [index, step] of steps.entries()) {
    request.say(`Step ${index + 1}/${steps.length} : ${step.name} ${step.text}\n`);
    if (step.name === 'ARG') {
      const [name = '', preset] = step.text.split(/=(.*)/s);
      args[name] = request.args[name] ?? preset ?? '';
    } else if (step.name === 'FROM') {
      const [from = '', , as] = substitute(step.text, args).split(/\s+/);
      stage = begin(engine, stages.get(from), from);
      stages.set(as ?? String(stages.size), stage);
    } else {
      if (stage === undefined) throw new EngineError(400, 'no build stage in current context');
      await perform(engine, stage, stages, step, { ...request, args });
    }
    if (stage !== undefined) {
      image = asImage(engine, stage, request.labels);
      request.say(` ---> ${image.id.slice(7, 19)}\n`);
    }
  }
  if (image === undefined) throw new EngineError(400, 'no build stage in current context');
  request.say(`Successfully built ${image.id.slice(7, 19)}\n`);
  for (const tag of request.tags) {
    engine.images.add(tag, image);
    request.say(`Successfully tagged ${tag.includes(':') ? tag : `${tag}:latest`}\n`);
  }
  if (request.tags.length === 0) engine.images.add(image.id, image);
  return image;
}

function begin(engine: SimulatedEngine, earlier: Stage | undefined, name: string): Stage {
  if (earlier !== undefined) return structuredClone(earlier);
  const image = name === 'scratch' ? undefined : engine.images.find(name);
  if (image === undefined && name !== 'scratch') {
    throw new EngineError(
      404,
      `pull access denied for ${name}, repository does not exist or may require 'docker login': denied: requested access to the resource is denied`,
    );
  }
  const config = image?.config ?? { Cmd: null, Entrypoint: null, Env: [], ExposedPorts: null, WorkingDir: '' };
  return {
    config: structuredClone(config),
    files: new Map(image?.files ?? []),
    size: image?.size ?? 0,
    history: [image?.id ?? name],
  };
}

async function perform(
  engine: SimulatedEngine,
  stage: Stage,
  stages: ReadonlyMap<string, Stage>,
  { name, text }: Instruction,
  request: BuildRequest,
): Promise<void> {
  const { config } = stage;
  const known = {
    ...request.args,
    ...Object.fromEntries(config.Env.map((entry) => entry.split(/=(.*)/s) as [string, string])),
  };
  const filled = substitute(text, known);
  stage.history.push(`${name} ${filled}`);
  switch (name) {
    case 'RUN':
      return runCommand(engine, stage, execForm(text) ?? ['/bin/sh', '-c', text], request);
    case 'COPY':
    case 'ADD':
      return copy(stage, stages, execForm(filled) ?? filled.split(/\s+/), request);
    case 'CMD':
      config.Cmd = commandWords(text);
      return;
    case 'ENTRYPOINT':
      config.Entrypoint = commandWords(text);
      config.Cmd = null;
      return;
    case 'ENV':
      for (const [key, value] of assignments(filled))
        config.Env = [...config.Env.filter((entry) => !entry.startsWith(`${key}=`)), `${key}=${value}`];
      return;
    case 'LABEL':
      config.Labels = { ...config.Labels, ...Object.fromEntries(assignments(filled)) };
      return;
    case 'EXPOSE':
      for (const port of filled.split(/\s+/))
        config.ExposedPorts = { ...config.ExposedPorts, [port.includes('/') ? port : `${port}/tcp`]: {} };
      return;
    case 'WORKDIR':
      config.WorkingDir = absolute(filled, config.WorkingDir);
      return;
    case 'STOPSIGNAL':
      config.StopSignal = filled;
      return;
    default:
      return;
  }
}

function absolute(path: string, folder: string): string {
  return path.startsWith('/') ? path : `${folder.replace(/\/$/, '')}/${path}`;
}

async function runCommand(engine: SimulatedEngine, stage: Stage, argv: string[], request: BuildRequest): Promise<void> {
  // A reference that nobody can ask for: the client writes names in lower case.
  const reference = `BUILD/${engine.newId('build').slice(0, 12)}`;
  engine.images.add(reference, asImage(engine, stage, {}));
  try {
    const body = { Image: reference, Cmd: argv, Entrypoint: [] };
    const { Id } = await engine.createContainer(`build-${shortId(engine)}`, body);
    request.say(` ---> Running in ${Id.slice(0, 12)}\n`);
    await engine.startContainer(Id);
    const container = engine.container(Id);
    await container.wait();
    for await (const { line } of container.log.read({ stdout: true, stderr: true, follow: false }))
      request.say(Buffer.from(line).toString());
    const { ExitCode } = container.state;
    stage.files = await container.files().filesBelow('/');
    await engine.removeContainer(Id, { force: true, volumes: true });
    request.say(`Removed intermediate container ${Id.slice(0, 12)}\n`);
    if (ExitCode !== 0)
      throw new EngineError(400, `The command '${argv.join(' ')}' returned a non-zero code: ${ExitCode}`);
  } finally {
    engine.images.remove(reference);
  }
}

function shortId(engine: SimulatedEngine): string {
  return engine.newId('name').slice(0, 12);
}

async function copy(
  stage: Stage,
  stages: ReadonlyMap<string, Stage>,
  words: readonly string[],
  { context }: BuildRequest,
): Promise<void> {
  const from = words.find((word) => word.startsWith('--from='))?.slice('--from='.length);
  const paths = words.filter((word) => !word.startsWith('--'));
  const target = paths.at(-1) ?? '/';
  const sources = paths.slice(0, -1);
  const origin = from === undefined ? context : stages.get(from)?.files;
  if (origin === undefined)
    throw new EngineError(400, `invalid from flag value ${from}: pull access denied for ${from}`);
  // Its paths are told apart and joined as a shell's are.
  const files = new ContainerFiles({});
  const folder = absolute(target, stage.config.WorkingDir || '/');
  for (const source of sources) {
    const wanted = files.resolvePath('/', source);
    const below = wanted === '/' ? '/' : `${wanted}/`;
    const found = [...origin].filter(([path]) => {
      const full = files.resolvePath('/', path);
      return full === wanted || full.startsWith(below);
    });
    if (found.length === 0) {
      throw new EngineError(
        400,
        `COPY failed: file not found in build context or excluded by .dockerignore: stat ${source}: file does not exist`,
      );
    }
    for (const [path, file] of found) {
      const full = files.resolvePath('/', path);
      const inner = full === wanted ? undefined : full.slice(below.length);
      const intoFolder = folder.endsWith('/') || sources.length > 1;
      const name = inner ?? (intoFolder ? full.slice(full.lastIndexOf('/') + 1) : '');
      stage.files.set(files.resolvePath(folder, name), file);
      stage.size += file.content.length;
      stage.history.push(createHash('sha256').update(file.content).digest('hex'));
    }
  }
}

function asImage(engine: SimulatedEngine, stage: Stage, labels: Readonly<Record<string, string>>): SimulatedImage {
  const all = { ...stage.config.Labels, ...labels };
  return {
    id: `sha256:${createHash('sha256')
      .update(JSON.stringify([stage.history, labels]))
      .digest('hex')}`,
    tags: [],
    size: stage.size,
    created: engine.clock.timestamp(),
    config: { ...structuredClone(stage.config), ...(Object.keys(all).length > 0 ? { Labels: all } : {}) },
    files: new Map(stage.files),
  };
}
