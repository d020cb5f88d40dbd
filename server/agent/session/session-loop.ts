import type { Clock } from '../../clock/clock.ts';
import { sleep } from '../../clock/clock.ts';
import type { AgentMessage, Connection, ManagerMessage } from '../../orchestrator/dispatcher/protocol.ts';

/** The agent's end of a session. */
export type ManagerConnection = Connection<ManagerMessage, AgentMessage>;

/** Dials the manager; rejects when nobody answers. */
export type ConnectManager = (signal: AbortSignal) => Promise<ManagerConnection>;

/** Milliseconds before the first new attempt; each next one waits `FIRST_BACKOFF` + twice as long, as SwarmKit's agent does. */
const FIRST_BACKOFF = 100;
const LONGEST_BACKOFF = 8_000;

/** What the agent does with a connection. */
export interface SessionHandler {
  /** Says hello; rejects when that is not possible yet. */
  opened(connection: ManagerConnection): Promise<void>;
  /** Takes a message. */
  message(connection: ManagerConnection, message: ManagerMessage): void;
  /** The connection is gone. */
  closed(reason: string): void;
}

/** Keeps a connection to the manager: when it breaks, or cannot be made, tries again until it is closed. */
export class SessionLoop {
  readonly #connect: ConnectManager;
  readonly #handler: SessionHandler;
  readonly #clock: Clock;
  readonly #log: (message: string) => void;
  readonly #closed = new AbortController();
  #connection: ManagerConnection | undefined;
  #backoff = FIRST_BACKOFF;

  constructor(options: {
    connect: ConnectManager;
    handler: SessionHandler;
    clock: Clock;
    log: (message: string) => void;
  }) {
    this.#connect = options.connect;
    this.#handler = options.handler;
    this.#clock = options.clock;
    this.#log = options.log;
  }

  start(): void {
    void this.#run();
  }

  close(): void {
    this.#closed.abort();
    this.#connection?.close('the agent stops');
  }

  /** A session stands; the next misfortune is a new one. */
  settled(): void {
    this.#backoff = FIRST_BACKOFF;
  }

  async #run(): Promise<void> {
    const { signal } = this.#closed;
    while (!signal.aborted) {
      try {
        this.#connection = await this.#connect(signal);
        this.#log(`disconnected from the manager: ${await this.#converse(this.#connection)}`);
      } catch (error) {
        if (!signal.aborted) this.#log(`no manager: ${error instanceof Error ? error.message : String(error)}`);
      }
      this.#connection = undefined;
      if (signal.aborted) return;
      await sleep(this.#clock, this.#backoff);
      this.#backoff = Math.min(FIRST_BACKOFF + 2 * this.#backoff, LONGEST_BACKOFF);
    }
  }

  /** Resolves with the reason for which the connection was closed. */
  #converse(connection: ManagerConnection): Promise<string> {
    return new Promise((resolve, reject) => {
      connection.onClose((reason) => {
        this.#handler.closed(reason);
        resolve(reason);
      });
      connection.onMessage((message) => this.#handler.message(connection, message));
      this.#handler.opened(connection).catch((error: unknown) => {
        connection.close('the node cannot say what it is');
        reject(error);
      });
    });
  }
}
