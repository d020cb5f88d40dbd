import { signal } from '@preact/signals';
import { TERMINAL_GONE, TERMINAL_PROTOCOL } from '../../server/terminals/protocol.ts';
import { ApiError } from '../api/api-error.ts';
import { LastingSocket, socketUrl } from '../api/lasting-socket.ts';
import type { WorkspaceApi } from '../api/workspace-api.ts';
import { TerminalScreen } from './terminal-screen.ts';
import { encodeMessage, TerminalStream } from './terminal-stream.ts';

/** Rendered bytes after which the server is told, so that it may send more. */
const ACKNOWLEDGE_EVERY = 32 * 1024;

export type SessionState =
  | { phase: 'connecting' | 'open' | 'lost' }
  | { phase: 'ended'; exitCode: number }
  /** The shell is not there any more: its node was restarted or removed. */
  | { phase: 'gone' };

/** One shell in the page: its screen, and a connection that comes back by itself and goes on at the very next byte. */
export class TerminalSession {
  readonly id: string;
  readonly node: string;
  readonly screen: TerminalScreen;
  readonly state = signal<SessionState>({ phase: 'connecting' });
  /** Bytes that were no longer held when the page asked for them; 0: none. */
  readonly skippedBytes = signal(0);
  readonly #api: WorkspaceApi;
  readonly #socket: LastingSocket;
  readonly #stream: TerminalStream;
  #acknowledged = 0;
  #rendered = 0;

  constructor(terminal: { id: string; node: string }, api: WorkspaceApi) {
    this.id = terminal.id;
    this.node = terminal.node;
    this.#api = api;
    this.screen = new TerminalScreen({
      input: (text) => this.type(text),
      binary: (bytes) => void this.#socket.send(bytes),
      resized: (cols, rows) => void this.#socket.send(encodeMessage({ type: 'resize', cols, rows })),
    });
    this.#stream = new TerminalStream({
      output: (bytes, sequence) => this.screen.write(bytes, () => this.#acknowledge(sequence + bytes.length)),
      message: (message) => this.#receive(message),
      broken: () => this.#socket.drop(),
    });
    this.#socket = new LastingSocket({
      open: () => this.#open(),
      onOpen: () => this.#opened(),
      onMessage: (data) => this.#stream.receive(data),
      onState: (state) => {
        const { phase } = this.state.peek();
        if (phase === 'ended' || phase === 'gone') return;
        if (state === 'waiting') this.state.value = { phase: 'lost' };
      },
      isFinal: (failure) =>
        failure === TERMINAL_GONE || (failure instanceof ApiError && failure.code === 'SL_TERMINAL_NOT_FOUND'),
      onFinal: () => {
        this.state.value = { phase: 'gone' };
      },
    });
  }

  /** Types into the shell as a keyboard would; false when the connection is down and nothing was typed. */
  type(text: string): boolean {
    return this.#socket.send(new TextEncoder().encode(text));
  }

  /** Lets go of the shell, which goes on. */
  dispose(): void {
    this.#socket.close();
    this.screen.dispose();
  }

  async #open(): Promise<WebSocket> {
    const ticket = await this.#api.terminalTicket(this.id);
    const url = socketUrl(`/api/terminal?from=${this.#stream.next}`);
    return new WebSocket(url, [TERMINAL_PROTOCOL, `ticket.${ticket}`]);
  }

  #opened(): void {
    this.state.value = { phase: 'open' };
    // What was acknowledged on the last connection means nothing to a server that has begun anew.
    this.#acknowledged = this.#rendered;
    const size = this.screen.wantedSize;
    if (size !== undefined) this.#socket.send(encodeMessage({ type: 'resize', ...size }));
  }

  #receive(message: Parameters<ConstructorParameters<typeof TerminalStream>[0]['message']>[0]): void {
    switch (message.type) {
      case 'hello':
        if (this.#stream.next === 0) this.screen.setSize(message.cols, message.rows);
        break;
      case 'size':
        this.screen.setSize(message.cols, message.rows);
        break;
      case 'skipped':
        this.skippedBytes.value = message.bytes;
        this.screen.restore(message.screen, () => this.#acknowledge(message.sequence));
        break;
      case 'exit':
        this.state.value = { phase: 'ended', exitCode: message.code };
        this.#socket.close();
        break;
    }
  }

  #acknowledge(sequence: number): void {
    this.#rendered = sequence;
    if (sequence - this.#acknowledged < ACKNOWLEDGE_EVERY) return;
    this.#acknowledged = sequence;
    this.#socket.send(encodeMessage({ type: 'ack', sequence }));
  }
}
