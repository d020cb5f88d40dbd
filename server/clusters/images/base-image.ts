import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type Docker from 'dockerode';
import { SwarmlabError } from '../../errors/swarmlab-error.ts';
import { OWNER_LABELS } from '../labels.ts';
import { type Progress, step } from '../progress.ts';
import { hasImage } from './build-image.ts';
import { pullImage } from './pull-image.ts';

const SUITE = 'trixie';
const PULLED_BASE = `debian:${SUITE}-slim`;
/** A minimal system of the same packages, made here. */
export const MADE_BASE = `swarmlab-base:${SUITE}`;

/** What is not needed in a node and would only be copied around. */
const LEFT_OUT = [
  './var/cache/apt/*',
  './var/lib/apt/lists/*',
  './usr/share/doc/*',
  './usr/share/man/*',
  './usr/share/locale/*',
];

/**
 * The Debian image that nodes are built on, pulled where an image registry answers, else made with debootstrap (as root, from
 * Debian's mirror). Gives its reference.
 */
export async function ensureBaseImage(engine: Docker, progress: Progress): Promise<string> {
  for (const known of [MADE_BASE, PULLED_BASE]) if (await hasImage(engine, known)) return known;
  if (await step(progress, `pulling ${PULLED_BASE}`, () => pullImage(engine, PULLED_BASE))) return PULLED_BASE;
  await step(progress, `no image registry answers; making a Debian base with debootstrap`, () => makeBase(engine));
  return MADE_BASE;
}

async function makeBase(engine: Docker): Promise<void> {
  if (process.getuid?.() !== 0) {
    throw new SwarmlabError('SL_NOT_SUPPORTED', 'no image registry answers, and making a base image takes root', {
      next: `Run this once as root, or bring the image: docker load <${PULLED_BASE.replace(':', '-')}.tar`,
    });
  }
  const folder = mkdtempSync(join(tmpdir(), 'swarmlab-base-'));
  try {
    await run('debootstrap', ['--variant=minbase', SUITE, join(folder, 'root')]);
    const tar = spawn('tar', ['-C', join(folder, 'root'), ...LEFT_OUT.map((path) => `--exclude=${path}`), '-c', '.'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const changes = Object.entries(OWNER_LABELS).map(([name, value]) => `LABEL ${name}=${value}`);
    const [repo, tag] = MADE_BASE.split(':');
    const answer = await engine.importImage(tar.stdout, { repo, tag, changes });
    await text(answer);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs a program to its end; rejects with the end of its output when it fails or is missing. */
async function run(program: string, args: string[]): Promise<void> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<string | undefined>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code) => resolve(code === 0 ? undefined : `exit status ${code}`));
  });
  const [out, problems, failure] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  if (failure === undefined) return;
  const end = `${out}\n${problems}`.trim().split('\n').slice(-5).join('\n  | ');
  throw new SwarmlabError('SL_ENGINE_FAILED', `${program} failed: ${failure}\n  | ${end}`, {
    next: `Is ${program} installed, and does Debian's mirror answer?`,
  });
}
