import { get } from 'node:http';

export interface LoadResult {
  /** Body, without space around it, to how often it came. */
  bodies: Record<string, number>;
  /** Why requests failed, once each. */
  failures: string[];
}

/**
 * Asks for a URL again and again, each time over a connection of its own and without trying anything twice, until `more` says no.
 */
export async function httpLoad(url: string, concurrency: number, more: () => boolean): Promise<LoadResult> {
  const bodies: Record<string, number> = {};
  const failures: string[] = [];
  const one = async () => {
    while (more()) {
      try {
        const body = await fetchOnce(url);
        bodies[body] = (bodies[body] ?? 0) + 1;
      } catch (error) {
        failures.push(`${new Date().toISOString()} ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  };
  await Promise.all(Array.from({ length: concurrency }, one));
  return { bodies, failures };
}

/** For `more`: true so many times. */
export function times(count: number): () => boolean {
  let left = count;
  return () => left-- > 0;
}

function fetchOnce(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent: false, timeout: 20_000 }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (text: string) => {
        body += text;
      });
      response.once('end', () => resolve(body.trim()));
      response.once('error', reject);
    });
    request.once('timeout', () => request.destroy(new Error('no answer within 20 s')));
    request.once('error', reject);
  });
}
