import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder of the project: the nearest one above this file, built or not, that has the node image's recipe. */
export const PROJECT_ROOT = findRoot(import.meta.dirname);

function findRoot(folder: string): string {
  if (existsSync(join(folder, 'images', 'node', 'Dockerfile'))) return folder;
  const above = dirname(folder);
  if (above === folder) throw new Error('the project folder with images/node/Dockerfile is missing');
  return findRoot(above);
}
