import { request } from 'node:http';
import { z } from 'zod';
import { CATALOGUE, type ErrorCode } from '../errors/catalogue.ts';
import { SwarmlabError } from '../errors/swarmlab-error.ts';

/** Longer than anything takes that an agent does while it is asked. */
const ANSWER_TIMEOUT = 20_000;

const problem = z.object({ code: z.string(), message: z.string(), next: z.string().optional() });

export interface AgentAnswer {
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: Buffer;
}

/** Asks a node's agent; rejects with its own error, or with SL_HOST_UNREACHABLE when it does not answer. */
export function callAgent(
  socketPath: string,
  method: string,
  path: string,
  options: { body?: Uint8Array | string | undefined; headers?: Record<string, string> } = {},
): Promise<AgentAnswer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        socketPath,
        method,
        path,
        headers: { host: 'node', ...options.headers },
        timeout: ANSWER_TIMEOUT,
        // A connection of its own: one that was kept may be of an agent that has been started again since.
        agent: false,
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const body = Buffer.concat(chunks);
          if ((response.statusCode ?? 500) < 400) resolve({ headers: response.headers, body });
          else reject(asSwarmlabError(body.toString()));
        });
      },
    );
    outgoing.on('timeout', () => outgoing.destroy(new Error('it took too long')));
    outgoing.on('error', (error) =>
      reject(
        new SwarmlabError('SL_HOST_UNREACHABLE', `the node does not answer: ${error.message}`, {
          next: 'It may be stopped or starting; try again in a moment.',
          cause: error,
        }),
      ),
    );
    outgoing.end(options.body);
  });
}

function asSwarmlabError(text: string): SwarmlabError {
  const known = problem.safeParse(parsed(text));
  if (!known.success || !isCode(known.data.code)) return new SwarmlabError('SL_INTERNAL', 'the node could not do it');
  const { code, message, next } = known.data;
  return new SwarmlabError(code, message, next === undefined ? {} : { next });
}

function isCode(code: string): code is ErrorCode {
  return Object.hasOwn(CATALOGUE, code);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
