/**
 * Imports point one way. Each part of `server/` names the parts it may import; anything else is an error.
 * The model, the clock, the error catalogue and Go's patterns lie at the bottom and may be imported by everyone. Nobody imports the page or the tests,
 * but for `swarmlab bench`, whose measurements live with the tests.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const bottom = ['clock', 'errors', 'patterns', 'orchestrator/model'];
const allowed = {
  clock: [],
  errors: [],
  patterns: [],
  'orchestrator/model': ['clock', 'errors'],
  orchestrator: [...bottom],
  engine: [...bottom],
  terminals: [...bottom],
  files: [...bottom],
  gateway: [...bottom, 'orchestrator', 'engine'],
  agent: [...bottom, 'orchestrator', 'engine', 'gateway', 'terminals', 'files'],
  clusters: [...bottom, 'orchestrator', 'engine', 'gateway', 'agent', 'terminals', 'files'],
  // A lab is read with the graders' schemas, a grader looks through grading's eyes: these three know each other.
  labs: [...bottom, 'graders'],
  graders: [...bottom, 'grading', 'labs'],
  grading: [...bottom, 'labs', 'graders', 'engine', 'clusters'],
  workspaces: [...bottom, 'grading', 'labs', 'clusters', 'engine', 'terminals', 'files'],
  http: [...bottom, 'workspaces', 'terminals', 'files'],
  cli: ['*'],
};

const root = resolve(import.meta.dirname, '..');
const partOf = (file) => {
  const path = relative(root, file);
  if (path.startsWith('graders/')) return 'graders';
  if (!path.startsWith('server/')) return undefined;
  const [, first, second] = path.split('/');
  return first === 'orchestrator' && second === 'model' ? 'orchestrator/model' : first;
};
const files = (folder) =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));

const wrong = [];
for (const file of [...files(join(root, 'server')), ...files(join(root, 'graders'))]) {
  const part = partOf(file);
  const may = allowed[part];
  if (!may) {
    wrong.push(`${relative(root, file)}: server/${part} is not a part that tools/imports.mjs knows`);
    continue;
  }
  for (const [, specifier] of readFileSync(file, 'utf8').matchAll(/(?:from|import\()\s*'(\.{1,2}\/[^']+)'/g)) {
    const path = relative(root, resolve(dirname(file), specifier));
    const target = partOf(resolve(root, path));
    if (target === undefined && !(part === 'cli' && path.startsWith('test/bench/')))
      wrong.push(`${relative(root, file)}: ${path} is no part of the server`);
    if (target === undefined || target === part || may.includes('*') || may.includes(target)) continue;
    wrong.push(`${relative(root, file)}: ${part} may not import ${target} (${specifier})`);
  }
}
if (wrong.length > 0) console.error(wrong.join('\n'));
process.exit(wrong.length === 0 ? 0 : 1);
