import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type Docker from 'dockerode';
import { SwarmlabError } from '../../errors/swarmlab-error.ts';
import { asEngineFailure } from '../outer-engine.ts';
import type { NodeFolder } from '../state-folder.ts';
import { awaitSocket } from './await-socket.ts';

/** Milliseconds that a node has until its gateway answers: it takes some three seconds, but machines can be busy. */
const BOOT_TIMEOUT = 180_000;
/** Lines of a node's logs that are told when it did not come up. */
const TOLD_LINES = 6;

/**
 * Resolves when the node's gateway answers; rejects with what the node's logs say when it ends before or takes too long, and when the
 * signal aborts.
 */
export async function awaitNode(
  engine: Docker,
  container: string,
  folder: NodeFolder,
  signal: AbortSignal,
): Promise<void> {
  const timeout = AbortSignal.timeout(BOOT_TIMEOUT);
  const ended = new AbortController();
  engine
    .getContainer(container)
    .wait({ abortSignal: timeout })
    .then(
      () => ended.abort(),
      () => undefined,
    );
  try {
    await awaitSocket(folder.dockerSocket, AbortSignal.any([timeout, ended.signal, signal]));
  } catch {
    signal.throwIfAborted();
    const what = ended.signal.aborted ? 'ended while it was starting' : `did not come up in ${BOOT_TIMEOUT / 1000} s`;
    const said = ['agent.log', 'dockerd.log'].flatMap((name) => lastLines(join(folder.path, name)));
    throw new SwarmlabError('SL_ENGINE_FAILED', [`node ${container} ${what}`, ...said].join('\n  | '), {
      next: '`swarmlab doctor` tells what this machine cannot do.',
    });
  }
}

/** Starts a node's container; running already is fine. */
export async function startNode(engine: Docker, container: string): Promise<void> {
  try {
    await engine.getContainer(container).start();
  } catch (error) {
    if (!(error instanceof Error && 'statusCode' in error && error.statusCode === 304)) {
      throw asEngineFailure(error, `starting ${container}`);
    }
  }
}

function lastLines(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').trimEnd().split('\n').slice(-TOLD_LINES);
  } catch {
    return [];
  }
}
