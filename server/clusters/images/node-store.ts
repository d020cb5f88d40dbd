import type Docker from 'dockerode';
import { SwarmlabError } from '../../errors/swarmlab-error.ts';
import { OWNER_LABELS } from '../labels.ts';
import { nodePrivileges } from '../provisioning/privileges.ts';
import { runInContainer } from '../provisioning/run-in-container.ts';
import { startWithPrivileges } from '../provisioning/start-container.ts';
import type { LabImage } from './lab-images.ts';

const STORE = '/var/lib/docker';

/** What each engine has to make for itself: an identity, networks, and what it keeps of running containers. */
const OWN_TO_EACH_ENGINE = [
  'engine-id',
  'network',
  'swarm',
  'runtimes',
  'tmp',
  'containers',
  'containerd',
  'buildkit',
  'plugins',
];

/**
 * Loads the saved images on stdin into an engine that has nothing else, gives them their names, and ends it. Bridges and rules are
 * left out: nothing is going to run.
 */
function loadScript(images: readonly LabImage[]): string {
  const tags = images.flatMap(({ source, names }) => [
    ...names.map((name) => `docker -H "$H" tag ${source} ${name}`),
    `docker -H "$H" rmi ${source} >/dev/null`,
  ]);
  return [
    'set -eu; H=unix:///run/load.sock',
    'for m in $(ls -d /sys/fs/cgroup /sys/fs/cgroup/*/); do mount -o remount,bind,rw $m 2>/dev/null || true; done',
    'dockerd -H "$H" --bridge=none --iptables=false --ip6tables=false --log-level=error >/run/load.log 2>&1 & engine=$!',
    'for i in $(seq 300); do docker -H "$H" version >/dev/null 2>&1 && break; sleep 0.1; done',
    'docker -H "$H" load -q >/dev/null',
    ...tags,
    'kill $engine; wait $engine || true',
    `cd ${STORE} && rm -rf ${OWN_TO_EACH_ENGINE.join(' ')}`,
  ].join('\n');
}

export interface PackOptions {
  /** The node image without images. */
  node: string;
  images: readonly LabImage[];
  /** What the result is to be called. */
  tag: string;
}

/**
 * Makes a node image whose engine already has the images: a node is started on a volume, loads them and is stopped, and its
 * store goes into the image as files. A node's own volume is later filled from there by the engine outside.
 */
export async function packImagesIntoNode(engine: Docker, options: PackOptions): Promise<void> {
  const volume = `swarmlab-load-${process.pid}`;
  const privileges = nodePrivileges();
  const loader = await startWithPrivileges(engine, privileges, (hostConfig) => ({
    Image: options.node,
    Entrypoint: ['sleep', 'infinity'],
    Labels: OWNER_LABELS,
    HostConfig: {
      ...hostConfig,
      NetworkMode: 'none',
      Mounts: [
        {
          Type: 'volume',
          Source: volume,
          Target: STORE,
          VolumeOptions: {
            NoCopy: true,
            Labels: OWNER_LABELS,
            DriverConfig: { Name: 'local', Options: {} },
            Subpath: '',
          },
        },
      ],
    },
  }));
  const shell = await engine.createContainer({ Image: options.node, Labels: OWNER_LABELS });
  try {
    const saved = await saveImages(engine, options.images);
    const { exitCode, output } = await runInContainer(loader, ['sh', '-c', loadScript(options.images)], saved);
    if (exitCode !== 0)
      throw new SwarmlabError('SL_ENGINE_FAILED', `an engine could not load the lab's images: ${output}`);
    await shell.putArchive(await loader.getArchive({ path: STORE }), { path: '/var/lib' });
    const [repo, tag] = options.tag.split(':');
    await shell.commit({ repo, tag });
  } finally {
    await Promise.all([loader, shell].map((container) => container.remove({ force: true, v: true })));
    await engine.getVolume(volume).remove();
  }
}

/** dockerode saves one image at a time; its modem takes the last character of a path with a query for a question mark. */
async function saveImages(engine: Docker, images: readonly LabImage[]): Promise<NodeJS.ReadableStream> {
  const names = images.map(({ source }) => `names=${encodeURIComponent(source)}`).join('&');
  return new Promise((resolve, reject) => {
    engine.modem.dial(
      {
        path: `/images/get?${names}?`,
        method: 'GET',
        isStream: true,
        statusCodes: { 200: true, 404: 'no such image', 500: 'server error' },
      },
      (error, answer) => (error ? reject(error) : resolve(answer as NodeJS.ReadableStream)),
    );
  });
}
