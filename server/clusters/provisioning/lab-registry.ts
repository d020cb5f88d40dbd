import { writeFileSync } from 'node:fs';
import type Docker from 'dockerode';
import { SwarmlabError } from '../../errors/swarmlab-error.ts';
import type { ClusterRecord, NodeRecord } from '../cluster-record.ts';
import { registryImageNames } from '../images/lab-images.ts';
import { LAB_REGISTRY } from '../node-plan.ts';
import type { NodeFolder } from '../state-folder.ts';
import { runInContainer } from './run-in-container.ts';

const CONFIG = `version: 0.1
log: { level: warn }
storage:
  filesystem: { rootdirectory: /var/lib/docker-registry }
  delete: { enabled: true }
http: { addr: ":5000" }
`;

/** Tenths of a second that the registry has until it answers. */
const PATIENCE = 300;

/** Has the node serve the registry from its next start on. */
export function turnRegistryOn(folder: NodeFolder): void {
  writeFileSync(folder.registryConfig, CONFIG, { mode: 0o600 });
}

/**
 * Puts the lab's images into the registry that the running node serves, and takes them off the node itself where the lab does not
 * want them there. Goes to the node's own engine: nothing of this is the student's.
 */
export async function fillRegistry(engine: Docker, record: ClusterRecord, node: NodeRecord): Promise<void> {
  const images = registryImageNames().join(' ');
  const keep = record.imagesOn.includes(node.name);
  const script = [
    'export DOCKER_HOST=unix:///run/swarmlab-engine/docker.sock',
    `for i in $(seq ${PATIENCE}); do curl -sf http://${LAB_REGISTRY}/v2/ >/dev/null && break; sleep 0.1; done`,
    `for image in ${images}; do docker push -q $image || exit 1; done`,
    keep ? 'true' : 'docker image prune -af',
  ].join('\n');
  const { exitCode, output } = await runInContainer(engine.getContainer(node.container), ['sh', '-c', script]);
  if (exitCode !== 0) throw new SwarmlabError('SL_ENGINE_FAILED', `the registry could not be filled: ${output.trim()}`);
}
