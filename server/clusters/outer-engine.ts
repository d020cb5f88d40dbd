import Docker from 'dockerode';
import { SwarmlabError } from '../errors/swarmlab-error.ts';

/** The Docker engine that the nodes' containers run on: DOCKER_HOST as the docker client reads it, else the usual socket. */
export function outerEngine(): Docker {
  return new Docker();
}

/** Where that engine is, for messages. */
export function outerEngineAddress(environment: NodeJS.ProcessEnv = process.env): string {
  return environment.DOCKER_HOST || 'unix:///var/run/docker.sock';
}

/** Whether a Docker engine answers within two seconds. */
export async function engineAnswers(engine: Docker = outerEngine()): Promise<boolean> {
  const timeout = new Promise<false>((resolve) => setTimeout(resolve, 2_000, false).unref());
  const ping = engine.ping().then(
    () => true,
    () => false,
  );
  return Promise.race([ping, timeout]);
}

/** An error of the engine as one of ours: not there at all, or unable to do what was asked. */
export function asEngineFailure(error: unknown, doing: string): SwarmlabError {
  if (error instanceof SwarmlabError) return error;
  if (error instanceof Error && isOfOuterSocket(error)) {
    const why = 'code' in error ? error.code : error.message;
    return new SwarmlabError('SL_ENGINE_UNREACHABLE', `no Docker engine answers at ${outerEngineAddress()} (${why})`, {
      cause: error,
    });
  }
  const message = engineMessage(error);
  if (/no space left on device/.test(message))
    return new SwarmlabError('SL_DISK_FULL', `${doing}: ${message}`, { cause: error });
  return new SwarmlabError('SL_ENGINE_FAILED', `${doing}: ${message}`, { cause: error });
}

/** Whether the outer engine's own socket could not be opened, as against one in a node. */
function isOfOuterSocket(error: Error): boolean {
  return 'address' in error && outerEngineAddress() === `unix://${error.address}`;
}

/** The engine's own words, without those that dockerode puts around them. */
export function engineMessage(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return /^\(HTTP code \d+\) .*? - (.*?) ?$/s.exec(text)?.[1] ?? text;
}

/** The HTTP status of an error of the engine; undefined when it is none. */
export function engineStatus(error: unknown): number | undefined {
  if (error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number') return error.statusCode;
  return undefined;
}

/** The answer, or undefined where the engine has no such thing (404). */
export async function unlessMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (engineStatus(error) === 404) return undefined;
    throw error;
  }
}
