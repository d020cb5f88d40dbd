import { notAllowed } from '../refusal.ts';
import { type Endpoint, FILTERS, get, post, refused, remove, TAR } from './endpoint.ts';

/** `docker import` of a URL would have the engine fetch it; a file comes with the request. */
function importSource(source: string): string {
  if (source === '' || source === '-') return source;
  throw notAllowed(`importing ${source}`, 'download it and pass the file: docker import FILE');
}

/** /images and /distribution. */
export const imageEndpoints: Endpoint[] = [
  get('/images/json', { all: 'text', digests: 'text', 'shared-size': 'text', manifests: 'text', ...FILTERS }),
  post(
    '/images/create',
    {
      fromImage: 'text',
      fromSrc: importSource,
      repo: 'text',
      tag: 'text',
      message: 'text',
      platform: 'text',
      changes: 'list',
    },
    TAR,
  ),
  get('/images/search', { term: 'text', limit: 'text', ...FILTERS }),
  get('/images/get', { names: 'list', platform: 'text' }),
  post('/images/load', { quiet: 'text', platform: 'text' }, TAR),
  post('/images/prune', FILTERS),
  get('/images/{name*}/json', { manifests: 'text' }),
  get('/images/{name*}/history', { platform: 'text' }),
  get('/images/{name*}/get', { platform: 'text' }),
  post('/images/{name*}/push', { tag: 'text', platform: 'text' }),
  post('/images/{name*}/tag', { repo: 'text', tag: 'text' }),
  remove('/images/{name*}', { force: 'text', noprune: 'text' }),
  get('/distribution/{name*}/json'),
  refused(['POST'], '/session', refuseBuildKit),
  refused(['POST'], '/grpc', refuseBuildKit),
  refused(['POST'], '/build/cancel', refuseBuildKit),
];

/** BuildKit gives a build a session through which it asks for much more than a build's query tells. */
export function refuseBuildKit(): Error {
  return notAllowed('BuildKit', 'the classic builder is there: DOCKER_BUILDKIT=0 docker build');
}
