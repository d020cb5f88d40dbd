import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packTar, type TarEntry } from '../../engine/tar.ts';
import { SwarmlabError } from '../../errors/swarmlab-error.ts';
import { PROJECT_ROOT } from '../project-root.ts';

/** Where the agent lies in a node. */
const AGENT_FOLDER = '/opt/swarmlab';

/**
 * The node agent as an archive for the root of a node: the bundle, and beside it node-pty, whose native part cannot be bundled.
 * It is put into each node when that is made, so that a new agent needs no new image.
 */
export function agentArchive(): Buffer {
  const bundle = join(PROJECT_ROOT, 'build', 'agent', 'agent.mjs');
  if (!existsSync(bundle)) {
    throw new SwarmlabError('SL_INTERNAL', 'the node agent has not been built', { next: 'Run `npm run build`.' });
  }
  const inNode = AGENT_FOLDER.slice(1);
  return packTar([
    { path: `${inNode}/agent.mjs`, type: 'file', content: readFileSync(bundle) },
    ...nodePtyFiles(`${inNode}/node_modules/node-pty`),
  ]);
}

function nodePtyFiles(inNode: string): TarEntry[] {
  const folder = join(PROJECT_ROOT, 'node_modules', 'node-pty');
  const scripts = readdirSync(join(folder, 'lib'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.js') && !path.endsWith('.test.js'))
    .map((path) => join('lib', path));
  return ['package.json', ...scripts, join('build', 'Release', 'pty.node')].map((path) => ({
    path: `${inNode}/${path}`,
    type: 'file',
    content: readFileSync(join(folder, path)),
  }));
}
