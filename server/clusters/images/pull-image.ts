import type Docker from 'dockerode';

/** An image registry that cannot be reached usually says nothing at all, and the engine would wait for minutes. */
const FIRST_ANSWER = 8_000;
/** Between two signs of life of a pull that is under way. */
const SILENCE = 60_000;

/** Pulls an image; false when the registry does not answer or has no such image. */
export async function pullImage(engine: Docker, reference: string): Promise<boolean> {
  const abort = new AbortController();
  let timer = setTimeout(() => abort.abort(), FIRST_ANSWER);
  try {
    const answer = await engine.pull(reference, { abortSignal: abort.signal });
    return await new Promise<boolean>((resolve) => {
      abort.signal.addEventListener('abort', () => resolve(false));
      engine.modem.followProgress(
        answer,
        (error) => resolve(error === null),
        () => {
          clearTimeout(timer);
          timer = setTimeout(() => abort.abort(), SILENCE);
        },
      );
    });
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}
