import { z } from 'zod';
import { EngineError } from '../../engine.ts';
import { loadImages, readTar, saveImages } from '../image-archive.ts';
import { buildImage } from '../image-build.ts';
import type { ImageFile, SimulatedImage } from '../images.ts';
import type { SimulatedEngine } from '../simulated-engine.ts';
import type { EngineRequest } from './request.ts';
import type { Route } from './route.ts';

const values = z
  .record(z.string(), z.string().nullable())
  .transform((record) =>
    Object.fromEntries(Object.entries(record).flatMap(([name, value]) => (value === null ? [] : [[name, value]]))),
  );

/** Images that come and go as archives: `docker build`, `save`, `load` and `commit`. */
export function imageArchiveRoutes(engine: SimulatedEngine): Route[] {
  const named = (name: string): SimulatedImage => {
    const image = engine.images.find(name);
    const tags = engine.images.list().find(({ id }) => id === image?.id)?.tags ?? [];
    if (image === undefined) throw new EngineError(404, `reference does not exist: ${name}`);
    return { ...image, tags: tags.includes(withTag(name)) ? [withTag(name)] : tags };
  };
  const save = async (request: EngineRequest, names: readonly string[]) => {
    const archive = saveImages(names.map(named));
    request.stream('application/x-tar').end(archive);
  };
  return [
    { method: 'GET', pattern: '/images/get', answer: (request) => save(request, request.query.getAll('names')) },
    {
      method: 'GET',
      pattern: '/images/{name...}/get',
      answer: (request) => save(request, [request.param('name')]),
    },
    {
      method: 'POST',
      pattern: '/images/load',
      answer: async (request) => {
        const images = await loadImages(await request.body()).catch((error: Error) => {
          throw new EngineError(500, error.message.split('\n')[0] ?? 'this is no archive of images');
        });
        const stream = request.stream('application/json');
        for (const image of images) {
          for (const tag of image.tags) {
            engine.images.add(tag, image);
            stream.write(`${JSON.stringify({ stream: `Loaded image: ${tag}\n` })}\r\n`);
          }
        }
        stream.end();
      },
    },
    { method: 'POST', pattern: '/build', answer: (request) => build(engine, request) },
    {
      method: 'POST',
      pattern: '/commit',
      answer: async (request) => {
        const container = engine.container(request.query.get('container') ?? '');
        const image: SimulatedImage = {
          ...container.image,
          id: `sha256:${engine.newId('image')}`,
          tags: [],
          created: engine.clock.timestamp(),
          config: { ...container.image.config, Cmd: container.body.Cmd ?? container.image.config.Cmd },
          files: await container.files().filesBelow('/'),
        };
        const repository = request.query.get('repo') ?? '';
        engine.images.add(
          repository === '' ? image.id : `${repository}:${request.query.get('tag') || 'latest'}`,
          image,
        );
        request.send(201, { Id: image.id });
      },
    },
  ];
}

function withTag(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1).includes(':') ? name : `${name}:latest`;
}

async function build(engine: SimulatedEngine, request: EngineRequest): Promise<void> {
  const read = (name: string) => values.parse(JSON.parse(request.query.get(name) || '{}'));
  const [args, labels] = [read('buildargs'), read('labels')];
  const context = await readTar(await request.body());
  const quiet = request.flag('q');
  const stream = request.stream('application/json');
  const tell = (value: unknown) => stream.write(`${JSON.stringify(value)}\r\n`);
  try {
    const { id } = await buildImage(engine, {
      context: withoutIgnored(context),
      dockerfile: (request.query.get('dockerfile') || 'Dockerfile').replace(/^\.?\//, ''),
      tags: request.query.getAll('t'),
      args,
      labels,
      say: (text) => !quiet && tell({ stream: text }),
    });
    tell({ aux: { ID: id } });
    if (quiet) tell({ stream: `${id}\n` });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    tell({ errorDetail: { message }, error: message });
  }
  stream.end();
}

/** The client has left out what .dockerignore says, but for the two files that the builder needs. */
function withoutIgnored(context: Map<string, ImageFile>): Map<string, ImageFile> {
  return new Map([...context].filter(([path]) => path !== '.dockerignore'));
}
