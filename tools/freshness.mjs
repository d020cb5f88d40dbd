/** Whether what was built is newer than everything it was built from. */
import { readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');

/** The outputs of `tools/build.mjs`: for each the file that is written last, and what it is built from. */
export const TARGETS = {
  cli: { output: 'build/cli/main.js', sources: ['server', 'graders', 'package.json', 'tools/build.mjs'] },
  agent: { output: 'build/agent/agent.mjs', sources: ['server', 'package.json', 'tools/build.mjs'] },
  client: { output: 'build/client/index.html', sources: ['client', 'server', 'package.json', 'vite.config.ts'] },
};

/** @param {keyof typeof TARGETS} name */
export function isFresh(name) {
  const { output, sources } = TARGETS[name];
  const built = modified(join(root, output));
  return built > 0 && sources.every((source) => newest(join(root, source)) < built);
}

/** Milliseconds since the epoch of the latest change below a path, the removal of files included; 0 where nothing is there. */
function newest(path) {
  let latest = modified(path);
  let entries;
  try {
    entries = readdirSync(path, { withFileTypes: true });
  } catch {
    return latest;
  }
  for (const entry of entries) {
    const child = join(path, entry.name);
    latest = Math.max(latest, entry.isDirectory() ? newest(child) : modified(child));
  }
  return latest;
}

function modified(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
