import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SwarmlabError } from '../../errors/swarmlab-error.ts';
import { type Progress, step } from '../progress.ts';

const run = promisify(execFile);

/** The nodes' client, whatever the machine itself has: Debian trixie's. */
const SUITE = 'trixie';
const VERSION = '26.1';
const DOWNLOAD_TIMEOUT = 120_000;

/** Where things lie that can be had again: $XDG_CACHE_HOME/swarmlab. */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  return join(environment.XDG_CACHE_HOME || join(homedir(), '.cache'), 'swarmlab');
}

/**
 * The path of a `docker` client of the nodes' version: from the cache, or the machine's own if it has that version, or unpacked from
 * Debian's package. SL_NOT_SUPPORTED where none of them is to be had.
 */
export async function ensureDockerCli(progress: Progress): Promise<string> {
  const folder = join(cacheFolder(), `docker-cli-${VERSION}`);
  const cached = join(folder, 'usr', 'bin', 'docker');
  if (existsSync(cached)) return cached;
  const own = await run('docker', ['--version']).then(
    ({ stdout }) => (stdout.includes(`version ${VERSION}.`) ? '/usr/bin/docker' : undefined),
    () => undefined,
  );
  if (own !== undefined && existsSync(own)) return own;
  await step(progress, `getting the docker client ${VERSION}`, () => download(folder));
  return cached;
}

async function download(folder: string): Promise<void> {
  const work = mkdtempSync(join(tmpdir(), 'swarmlab-client-'));
  try {
    for (const part of ['lists/partial', 'cache/archives/partial']) mkdirSync(join(work, part), { recursive: true });
    writeFileSync(join(work, 'sources.list'), debianSource());
    const options = [
      `Dir::Etc::sourcelist=${join(work, 'sources.list')}`,
      'Dir::Etc::sourceparts=/dev/null',
      `Dir::State::lists=${join(work, 'lists')}`,
      `Dir::Cache=${join(work, 'cache')}`,
      'APT::Sandbox::User=root',
    ].flatMap((option) => ['-o', option]);
    await run('apt-get', [...options, 'update'], { cwd: work, timeout: DOWNLOAD_TIMEOUT });
    await run('apt-get', [...options, 'download', 'docker-cli'], { cwd: work, timeout: DOWNLOAD_TIMEOUT });
    const archive = readdirSync(work).find((name) => name.endsWith('.deb'));
    if (archive === undefined) throw new Error('no package came');
    const unpacked = join(work, 'unpacked');
    await run('dpkg', ['-x', join(work, archive), unpacked]);
    mkdirSync(cacheFolder(), { recursive: true });
    rmSync(folder, { recursive: true, force: true });
    renameSync(unpacked, folder);
  } catch (error) {
    throw new SwarmlabError('SL_NOT_SUPPORTED', `the docker client ${VERSION} cannot be had: ${reason(error)}`, {
      next: `Install Debian's docker-cli ${VERSION}, or use Docker-in-Docker nodes.`,
      cause: error,
    });
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** The machine's own Debian mirror, asked for the suite whose client the nodes have. */
function debianSource(): string {
  const folder = '/etc/apt/sources.list.d';
  const files = existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
  const texts = ['/etc/apt/sources.list', ...files]
    .filter((path) => existsSync(path))
    .map((path) => readFileSync(path, 'utf8'));
  for (const text of texts) {
    const uri = /^URIs:\s*(\S+)/m.exec(text)?.[1] ?? /^deb\s+(?:\[[^\]]*\]\s+)?(\S+)/m.exec(text)?.[1];
    const key = /^Signed-By:\s*(\S+)/m.exec(text)?.[1] ?? /signed-by=([^\s\]]+)/.exec(text)?.[1];
    if (uri !== undefined && !uri.includes('security'))
      return `deb ${key ? `[signed-by=${key}] ` : ''}${uri} ${SUITE} main\n`;
  }
  throw new Error('this machine names no Debian mirror');
}

function reason(error: unknown): string {
  const text =
    error instanceof Error && 'stderr' in error && typeof error.stderr === 'string' ? error.stderr.trim() : '';
  return text.split('\n').at(-1) || (error instanceof Error ? error.message : String(error));
}
