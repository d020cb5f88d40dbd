import { WebSocket } from 'ws';
import { z } from 'zod';
import { SwarmlabError } from '../../errors/swarmlab-error.ts';
import { MAX_INPUT_BYTES, TERMINAL_PROTOCOL, type TerminalInfo, terminalInfo } from '../../terminals/protocol.ts';
import type { TerminalSize } from '../../terminals/pty.ts';
import { callAgent } from '../agent-call.ts';

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

  async #call(method: string, path: string, body?: unknown): Promise<unknown> {
    const answer = await callAgent(this.#socketPath, method, path, {
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    return answer.body.length === 0 ? undefined : JSON.parse(answer.body.toString());
  }
}
