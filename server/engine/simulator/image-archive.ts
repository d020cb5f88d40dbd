import { Readable } from 'node:stream';
import { extract } from 'tar-stream';
import { z } from 'zod';
import { packTar, type TarEntry } from '../tar.ts';
import type { ImageFile, SimulatedImage } from './images.ts';

/** As `docker save` names what it has packed. */
const manifest = z.array(
  z.object({ Config: z.string(), RepoTags: z.array(z.string()).nullable(), Layers: z.array(z.string()) }),
);
const strings = z.array(z.string());
const config = z.object({
  created: z.string(),
  size: z.number(),
  config: z.object({
    Cmd: strings.nullable(),
    Entrypoint: strings.nullable(),
    Env: strings,
    ExposedPorts: z.record(z.string(), z.record(z.string(), z.never())).nullable(),
    StopSignal: z.string().optional(),
    WorkingDir: z.string(),
    Labels: z.record(z.string(), z.string()).optional(),
  }),
});

/** Files of an uncompressed tar archive, by path without leading slashes. */
export async function readTar(archive: Uint8Array): Promise<Map<string, ImageFile>> {
  const files = new Map<string, ImageFile>();
  const entries = extract();
  Readable.from([archive]).pipe(entries);
  for await (const entry of entries) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    if (entry.header.type === 'file')
      files.set(entry.header.name.replace(/^(?:\.?\/)+/, ''), {
        content: Buffer.concat(chunks),
        mode: entry.header.mode ?? 0o644,
      });
  }
  return files;
}

/** Files as a tar archive. */
function writeTar(files: ReadonlyMap<string, ImageFile>): Buffer {
  return packTar(
    [...files].map(([path, { content, mode }]) => ({ path: path.replace(/^\/+/, ''), type: 'file', content, mode })),
  );
}

/** Images as `docker save` packs them: a manifest, and of each its configuration and one layer. */
export function saveImages(images: readonly SimulatedImage[]): Buffer {
  const json = (value: unknown) => Buffer.from(JSON.stringify(value));
  const entries = images.flatMap((image): TarEntry[] => {
    const name = image.id.replace('sha256:', '');
    const { created, size } = image;
    return [
      {
        path: `${name}.json`,
        type: 'file',
        content: json({ created, size, config: image.config, architecture: 'amd64', os: 'linux' }),
      },
      { path: `${name}/layer.tar`, type: 'file', content: writeTar(image.files) },
    ];
  });
  const listed = images.map(({ id, tags }) => {
    const name = id.replace('sha256:', '');
    return { Config: `${name}.json`, RepoTags: tags, Layers: [`${name}/layer.tar`] };
  });
  return packTar([...entries, { path: 'manifest.json', type: 'file', content: json(listed) }]);
}

/** The images in an archive that `saveImages` has made. Rejects with an Error for anything else. */
export async function loadImages(archive: Uint8Array): Promise<SimulatedImage[]> {
  const files = await readTar(archive);
  const read = (path: string) => {
    const file = files.get(path);
    if (file === undefined) throw new Error(`open ${path}: no such file or directory`);
    return file.content;
  };
  const listed = manifest.parse(JSON.parse(Buffer.from(read('manifest.json')).toString()));
  return Promise.all(
    listed.map(async ({ Config, RepoTags, Layers }) => {
      const image = config.parse(JSON.parse(Buffer.from(read(Config)).toString()));
      const layer = new Map<string, ImageFile>();
      for (const path of Layers) for (const [name, file] of await readTar(read(path))) layer.set(`/${name}`, file);
      return {
        ...image,
        id: `sha256:${Config.replace('.json', '')}`,
        tags: RepoTags ?? [],
        files: layer,
      } as SimulatedImage;
    }),
  );
}
