import { createHash } from 'node:crypto';

/** A file of an image. */
export interface ImageFile {
  content: Uint8Array;
  mode: number;
}

/** An image as the simulated engine knows it: what a container made from it runs, how it answers signals, and files beyond the usual. */
export interface SimulatedImage {
  /** `sha256:...` */
  id: string;
  tags: string[];
  size: number;
  created: string;
  config: {
    Cmd: string[] | null;
    Entrypoint: string[] | null;
    Env: string[];
    ExposedPorts: Record<string, Record<string, never>> | null;
    StopSignal?: string;
    WorkingDir: string;
    Labels?: Record<string, string>;
  };
  /** By path. */
  files: ReadonlyMap<string, ImageFile>;
}

const PATH = 'PATH=/usr/sbin:/usr/bin:/sbin:/bin';

/** The page that the lab's nginx image shows: Debian's welcome page in its essentials. */
const WELCOME = `<!DOCTYPE html>
<html>
<head>
<title>Welcome to nginx!</title>
</head>
<body>
<h1>Welcome to nginx!</h1>
<p>The web server of the lab is working.</p>
</body>
</html>
`;

function image(
  name: string,
  size: number,
  config: Partial<SimulatedImage['config']>,
  files: Readonly<Record<string, string>> = {},
): SimulatedImage {
  return {
    files: new Map(Object.entries(files).map(([path, text]) => [path, { content: Buffer.from(text), mode: 0o644 }])),
    id: `sha256:${createHash('sha256').update(`swarmlab simulated image ${name}`).digest('hex')}`,
    tags: [],
    size,
    created: '2026-01-01T00:00:00Z',
    config: { Cmd: null, Entrypoint: null, Env: [PATH], ExposedPorts: null, WorkingDir: '', ...config },
  };
}

/** What every lab's nodes have: nginx and a busybox userland called alpine. */
export const LAB_IMAGES = {
  nginx: image(
    'nginx',
    22_800_000,
    { Cmd: ['nginx', '-g', 'daemon off;'], ExposedPorts: { '80/tcp': {} }, StopSignal: 'SIGQUIT' },
    { '/usr/share/nginx/html/index.html': WELCOME },
  ),
  alpine: image('alpine', 13_600_000, { Cmd: ['/bin/sh'] }),
} as const;

/** `nginx` means `nginx:latest`, and Docker Hub's long names mean the short ones. */
export function normaliseReference(reference: string): string {
  const short = reference.replace(/^(?:docker\.io\/)?(?:library\/)?/, '').replace(/^docker\.io\//, '');
  if (short.includes('@')) return short;
  const lastPart = short.slice(short.lastIndexOf('/') + 1);
  return lastPart.includes(':') ? short : `${short}:latest`;
}

/** The images on one node, by reference. */
export class ImageStore {
  readonly #byTag = new Map<string, SimulatedImage>();

  add(reference: string, image: SimulatedImage): void {
    this.#byTag.set(normaliseReference(reference), image);
  }

  /** Takes one reference away; gives whether it was there. */
  remove(reference: string): boolean {
    return this.#byTag.delete(normaliseReference(reference));
  }

  /** By reference, `sha256:` ID or the beginning of an ID (12 characters and up). */
  find(reference: string): SimulatedImage | undefined {
    const tagged = this.#byTag.get(normaliseReference(reference));
    if (tagged !== undefined) return tagged;
    const id = reference.startsWith('sha256:') ? reference : `sha256:${reference}`;
    if (id.length < 'sha256:'.length + 12) return undefined;
    for (const image of this.#byTag.values()) if (image.id.startsWith(id)) return image;
    return undefined;
  }

  /** Every image once, with the references it has on this node. */
  list(): SimulatedImage[] {
    const images = new Map<string, SimulatedImage>();
    for (const [tag, image] of this.#byTag) {
      const known = images.get(image.id);
      images.set(image.id, { ...image, tags: [...(known?.tags ?? []), tag] });
    }
    return [...images.values()];
  }
}
