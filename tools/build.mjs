/**
 * `node tools/build.mjs [cli] [agent] [client]`: bundles into build/. Everything when called without arguments.
 *   cli     build/cli: the commands (a chunk each, loaded when called), the cluster hosts and the workers beside them
 *   agent   build/agent/agent.mjs: the node agent as one file for Debian's nodejs 20
 *   client  build/client: the page
 */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

const root = resolve(import.meta.dirname, '..');
const chunkLifetime = 24 * 3600 * 1000;

/** Packages with native parts or files of their own beside them: they stay in node_modules. */
const external = ['node-pty', 'libsql', 'just-bash', 'esbuild', 'vite', 'ssh2', 'cpu-features'];

/** CommonJS packages inside an ES module bundle still call `require` for Node's own modules. */
const banner = {
  js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
};
/** Languages of zod's messages that nobody is shown. */
const zodInEnglish = {
  name: 'zod-in-english',
  setup(build) {
    build.onLoad({ filter: /zod\/v4\/locales\/index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js';",
      loader: 'js',
    }));
  },
};

/** What nobody here uses of the Docker client and everybody would load: BuildKit's sessions, which it keeps for builds that we do not make. */
const unusedByAll = /^(@grpc\/grpc-js|@grpc\/proto-loader|protobufjs)$/;
const leaveOut = (filter) => ({
  name: 'leave-out-unused',
  setup(build) {
    build.onResolve({ filter }, ({ path }) => ({ path, namespace: 'unused' }));
    build.onLoad({ filter: /.*/, namespace: 'unused' }, () => ({ contents: 'module.exports = {};', loader: 'js' }));
  },
});

const common = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  banner,
  sourcemap: 'linked',
  // Hosts keep the maps of all they load in memory: where something stands is in them, what stands there is not.
  sourcesContent: false,
  // Names stay, so that errors tell where they come from; the rest only takes time to be read at every start.
  minifySyntax: true,
  minifyWhitespace: true,
  logLevel: 'warning',
  absWorkingDir: root,
};

/** Builds beside the old output and moves it over, the entries last: a process that starts meanwhile finds either, whole. */
async function buildCli() {
  const output = join(root, 'build/cli');
  const fresh = join(root, `build/.cli-${process.pid}`);
  const entries = {
    main: 'server/cli/main.ts',
    host: 'server/clusters/host-main.ts',
    'shared-host': 'server/clusters/shared-host-main.ts',
    'simulated-exec': 'server/clusters/simulated-exec-main.ts',
  };
  for (const worker of workers()) entries[worker.name] = worker.path;
  try {
    await build({
      ...common,
      external,
      plugins: [zodInEnglish, leaveOut(unusedByAll)],
      entryPoints: entries,
      outdir: fresh,
      splitting: true,
      chunkNames: 'chunk-[name]-[hash]',
    });
    mkdirSync(output, { recursive: true });
    const isEntry = (name) => Object.keys(entries).some((entry) => name.startsWith(`${entry}.js`));
    const names = readdirSync(fresh).sort((a, b) => Number(isEntry(a)) - Number(isEntry(b)));
    for (const name of names.filter((each) => each !== 'main.js')) renameSync(join(fresh, name), join(output, name));
    renameSync(join(fresh, 'main.js'), join(output, 'main.js'));
    for (const name of readdirSync(output)) {
      const path = join(output, name);
      if (!names.includes(name) && statSync(path).mtimeMs < Date.now() - chunkLifetime) rmSync(path, { force: true });
    }
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

/** Files that are started as worker threads: `*-worker.ts` anywhere in the server. */
function workers() {
  return readdirSync(join(root, 'server'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('-worker.ts'))
    .map((entry) => ({ name: entry.name.slice(0, -'.ts'.length), path: join(entry.parentPath, entry.name) }));
}

/** What an agent never uses besides and would pay for in every node's memory: ssh, packing folders. */
const unusedByAgent = /^(ssh2|cpu-features|tar-fs)$/;

async function buildAgent() {
  const output = join(root, 'build/agent');
  const fresh = join(root, `build/.agent-${process.pid}.mjs`);
  mkdirSync(output, { recursive: true });
  await build({
    ...common,
    entryPoints: ['server/agent/main.ts'],
    outfile: fresh,
    external: ['node-pty'],
    plugins: [zodInEnglish, leaveOut(unusedByAll), leaveOut(unusedByAgent)],
    sourcemap: false,
  });
  renameSync(fresh, join(output, 'agent.mjs'));
}

async function buildClient() {
  const { build: viteBuild } = await import('vite');
  await viteBuild({ configFile: join(root, 'vite.config.ts'), logLevel: 'warn' });
}

const builders = { cli: buildCli, agent: buildAgent, client: buildClient };
const wanted = process.argv.slice(2);
for (const name of wanted) {
  if (!(name in builders)) {
    console.error(`tools/build.mjs: ${name} is none of ${Object.keys(builders).join(', ')}`);
    process.exit(2);
  }
}
try {
  const names = wanted.length > 0 ? wanted : Object.keys(builders);
  await Promise.all(
    names
      .filter((name) => name !== 'client' || existsSync(join(root, 'vite.config.ts')))
      .map((name) => builders[name]()),
  );
} catch (error) {
  if (!('errors' in error)) console.error(error);
  process.exit(1);
}
