import { once } from 'node:events';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { callApi } from '../../server/clusters/provisioning/engine-api.ts';
import { decodeOutput, TERMINAL_PROTOCOL } from '../../server/terminals/protocol.ts';

const created = z.object({ id: z.string() });

/** A shell on a node, as the page has it open: over the agent's socket, acknowledging what it has read. */
export class NodeTerminal {
  readonly #agentSocket: string;
  readonly #id: string;
  readonly #socket: WebSocket;
  readonly #listeners = new Set<(text: string) => void>();
  /** Bytes that have come. */
  received = 0;
  /** Whether it reads on: one that does not acknowledge is a viewer that has stopped looking. */
  reading = true;

  private constructor(agentSocket: string, id: string, socket: WebSocket) {
    this.#agentSocket = agentSocket;
    this.#id = id;
    this.#socket = socket;
    socket.on('message', (data: Buffer, isBinary: boolean) => {
      const output = isBinary ? decodeOutput(data) : undefined;
      if (output === undefined) return;
      this.received += output.bytes.length;
      const sequence = output.sequence + output.bytes.length;
      if (this.reading) socket.send(JSON.stringify({ type: 'ack', sequence }));
      const text = Buffer.from(output.bytes).toString('latin1');
      for (const listener of this.#listeners) listener(text);
    });
  }

  /** Opens a shell and waits for its prompt. */
  static async open(agentSocket: string): Promise<NodeTerminal> {
    const { id } = created.parse(await callApi(agentSocket, 'POST', '/v0/terminals', { cols: 80, rows: 24 }));
    const socket = new WebSocket(`ws+unix://${agentSocket}:/v0/terminals/${id}`, TERMINAL_PROTOCOL);
    const terminal = new NodeTerminal(agentSocket, id, socket);
    const prompt = terminal.until((text) => text.includes('$ '), 20_000);
    await once(socket, 'open');
    await prompt;
    return terminal;
  }

  type(text: string): void {
    this.#socket.send(Buffer.from(text));
  }

  /** Resolves with what has come when it is enough; rejects after `limit` milliseconds with what there was. */
  until(isEnough: (text: string) => boolean, limit: number): Promise<string> {
    return new Promise((resolve, reject) => {
      let all = '';
      const timer = setTimeout(() => {
        this.#listeners.delete(hear);
        reject(new Error(`not within ${limit} ms: ${JSON.stringify(all.slice(-400))}`));
      }, limit);
      const hear = (text: string) => {
        all = (all + text).slice(-100_000);
        if (!isEnough(all)) return;
        clearTimeout(timer);
        this.#listeners.delete(hear);
        resolve(all);
      };
      this.#listeners.add(hear);
    });
  }

  /** Types a script as one command; gives what it printed. */
  async run(script: string, limit = 30_000): Promise<string> {
    const code = Buffer.from(script).toString('base64');
    const ended = this.until((text) => /\r\nEND-\d+\r\n/.test(text), limit);
    // In pieces, so that the echo of the line is not taken for its output.
    this.type(`eval "$(echo ${code} | base64 -d)"; printf '\\nEN%s-%s\\n' D $?\r`);
    return (await ended).replace(/^[^\n]*\n/, '');
  }

  /** Milliseconds until a letter that is typed is shown. It is taken away again. */
  async echo(): Promise<number> {
    const began = performance.now();
    const shown = this.until((text) => text.includes('x'), 10_000);
    this.type('x');
    await shown;
    const took = performance.now() - began;
    const gone = this.until((text) => text.includes('\b'), 10_000);
    this.type('\x7f');
    await gone;
    return took;
  }

  /** Hangs up and forgets the shell. */
  async close(): Promise<void> {
    this.#socket.close();
    await callApi(this.#agentSocket, 'DELETE', `/v0/terminals/${this.#id}`);
  }
}
