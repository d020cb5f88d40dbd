import { request } from 'node:http';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { SwarmlabError } from '../../errors/swarmlab-error.ts';
import { MAX_INPUT_BYTES, TERMINAL_PROTOCOL, type TerminalInfo, terminalInfo } from '../../terminals/protocol.ts';
import type { TerminalSize } from '../../terminals/pty.ts';

const ANSWER_TIMEOUT = 10_000;

const problem = z.object({ code: z.string(), message: z.string() });

/** The terminals of one node, over its agent's socket. Calls reject with SL_HOST_UNREACHABLE when the agent does not answer. */
export class NodeTerminals {
  readonly #socketPath: string;

  constructor(agentSocket: string) {
    this.#socketPath = agentSocket;
  }

  async list(): Promise<TerminalInfo[]> {
    return z.array(terminalInfo).parse(await this.#call('GET', '/v0/terminals'));
  }

  /** Starts a shell; gives its id. Rejects with SL_TERMINAL_LIMIT when the node has enough of them. */
  async create(size: TerminalSize): Promise<string> {
    const body = { cols: size.columns, rows: size.rows };
    return z.object({ id: z.string() }).parse(await this.#call('POST', '/v0/terminals', body)).id;
  }

  /** Ends a shell. One that is gone already is no error. */
  async remove(id: string): Promise<void> {
    try {
      await this.#call('DELETE', `/v0/terminals/${encodeURIComponent(id)}`);
    } catch (error) {
      if (!(error instanceof SwarmlabError) || error.code !== 'SL_TERMINAL_NOT_FOUND') throw error;
    }
  }

  /** A socket to the shell that begins with byte `from` of its stream; it is still connecting. */
  connect(id: string, from: number): WebSocket {
    const url = `ws+unix://${this.#socketPath}:/v0/terminals/${encodeURIComponent(id)}?from=${from}`;
    return new WebSocket(url, TERMINAL_PROTOCOL, { perMessageDeflate: false, maxPayload: 16 * MAX_INPUT_BYTES });
  }

  #call(method: string, path: string, body?: unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const outgoing = request(
        // A connection of its own: one that was kept may be of an agent that has been started again since.
        {
          socketPath: this.#socketPath,
          method,
          path,
          headers: { host: 'node' },
          timeout: ANSWER_TIMEOUT,
          agent: false,
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () => {
            const text = Buffer.concat(chunks).toString();
            const answer: unknown = text === '' ? undefined : JSON.parse(text);
            if ((response.statusCode ?? 500) < 400) resolve(answer);
            else reject(asSwarmlabError(answer));
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
      outgoing.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }
}

function asSwarmlabError(answer: unknown): SwarmlabError {
  const known = problem.safeParse(answer);
  const message = known.success ? known.data.message : 'the node could not do it';
  const code = known.success ? known.data.code : '';
  if (code === 'SL_TERMINAL_NOT_FOUND' || code === 'SL_TERMINAL_LIMIT') return new SwarmlabError(code, message);
  return new SwarmlabError('SL_INTERNAL', message);
}
