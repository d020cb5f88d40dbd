import { matchesGoPattern } from '../../../patterns/go-pattern.ts';
import { EngineError } from '../../engine.ts';
import { normaliseReference, type SimulatedImage } from '../images.ts';
import type { SimulatedEngine } from '../simulated-engine.ts';
import type { Route } from './route.ts';

/** `/images`, and pulling. */
export function imageRoutes(engine: SimulatedEngine): Route[] {
  const find = (name: string): SimulatedImage => {
    const image = engine.images.find(name);
    const known = engine.images.list().find(({ id }) => id === image?.id);
    if (known === undefined) throw new EngineError(404, `No such image: ${normaliseReference(name)}`);
    return known;
  };
  return [
    {
      method: 'GET',
      pattern: '/images/json',
      answer: async (request) => {
        const { reference = [] } = request.filters();
        const patterns = reference.map(
          (text) =>
            `^${text
              .replace(/[.+(){}|$\\]/g, '\\$&')
              .replaceAll('*', '[^/]*')
              .replaceAll('?', '[^/]')}(:.*)?$`,
        );
        const images = engine.images
          .list()
          .filter(({ tags }) => patterns.every((pattern) => tags.some((tag) => matchesGoPattern(tag, pattern))));
        request.send(
          200,
          images.map((image) => ({
            Id: image.id,
            ParentId: '',
            RepoTags: image.tags,
            RepoDigests: [],
            Created: Math.floor(Date.parse(image.created) / 1000),
            Size: image.size,
            SharedSize: -1,
            Containers: -1,
            Labels: image.config.Labels ?? null,
          })),
        );
      },
    },
    {
      method: 'POST',
      pattern: '/images/create',
      answer: async (request) => {
        const tag = request.query.get('tag') ?? '';
        const name = request.query.get('fromImage') ?? '';
        const separator = tag.startsWith('sha256:') ? '@' : ':';
        const reference = tag === '' ? normaliseReference(name) : `${name}${separator}${tag}`;
        await engine.pullImage(reference);
        const stream = request.stream('application/json');
        stream.end(`${JSON.stringify({ status: `Status: Downloaded newer image for ${reference}` })}\r\n`);
      },
    },
    {
      method: 'GET',
      pattern: '/images/{name...}/json',
      answer: async (request) => {
        const image = find(request.param('name'));
        request.send(200, {
          Id: image.id,
          RepoTags: image.tags,
          RepoDigests: [],
          Parent: '',
          Comment: 'Imported from -',
          Created: image.created,
          DockerVersion: engine.machine.engineVersion,
          Author: '',
          Config: { Labels: null, ...image.config, Volumes: null, User: '', Hostname: '' },
          Architecture: 'amd64',
          Os: 'linux',
          Size: image.size,
          GraphDriver: { Name: 'overlay2', Data: null },
          RootFS: { Type: 'layers', Layers: [image.id] },
          Metadata: { LastTagTime: image.created },
        });
      },
    },
    {
      method: 'GET',
      pattern: '/images/{name...}/history',
      answer: async (request) => {
        const image = find(request.param('name'));
        const Created = Math.floor(Date.parse(image.created) / 1000);
        request.send(200, [
          { Id: image.id, Created, CreatedBy: '', Tags: image.tags, Size: image.size, Comment: 'Imported from -' },
        ]);
      },
    },
    {
      method: 'POST',
      pattern: '/images/{name...}/tag',
      answer: async (request) => {
        const repository = request.query.get('repo') ?? '';
        engine.images.add(`${repository}:${request.query.get('tag') || 'latest'}`, find(request.param('name')));
        request.send(201);
      },
    },
    {
      method: 'POST',
      pattern: '/images/prune',
      answer: async (request) => request.send(200, { ImagesDeleted: null, SpaceReclaimed: 0 }),
    },
    {
      method: 'DELETE',
      pattern: '/images/{name...}',
      answer: async (request) => {
        const name = request.param('name');
        const image = find(name);
        const user = engine.containers().find((container) => container.image.id === image.id);
        if (user !== undefined && image.tags.length === 1 && !request.flag('force')) {
          throw new EngineError(
            409,
            `conflict: unable to remove repository reference "${name}" (must force) - container ${user.id.slice(0, 12)} is using its referenced image ${image.id.slice(7, 19)}`,
          );
        }
        const reference = normaliseReference(name);
        const tags = image.tags.includes(reference) ? [reference] : image.tags;
        for (const tag of tags) engine.images.remove(tag);
        request.send(
          200,
          tags.map((Untagged) => ({ Untagged })),
        );
      },
    },
    {
      method: 'GET',
      pattern: '/distribution/{name...}/json',
      answer: async (request) => {
        throw new EngineError(
          request.param('name') === '' ? 400 : 500,
          `Get "https://${request.param('name').split('/')[0]}/v2/": dial tcp: connect: connection refused`,
        );
      },
    },
  ];
}
