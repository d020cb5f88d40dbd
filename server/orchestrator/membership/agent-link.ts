import type { AgentMessage, Connection, ManagerMessage } from '../dispatcher/protocol.ts';
import type { DispatcherPart } from '../swarm-parts.ts';

type Hello = Extract<AgentMessage, { type: 'hello' }>;
type Session = { onMessage?: (message: AgentMessage) => void; onClose?: (reason: string) => void };

/**
 * The connection of a machine's agent. It may come before the machine is part of a swarm, or while the swarm has no leader: it is then
 * held until there is a dispatcher to hand it to. It serves one session at most; for the next the agent connects anew.
 */
export class AgentLink {
  readonly #connection: Connection<AgentMessage, ManagerMessage>;
  #hello: Hello | undefined;
  #session: Session | undefined;
  #isClosed = false;
  #isClosedHere = false;

  /**
   * `ready` is called when the agent has said hello, `closed` when the connection is gone: whether it was ended here, as when nothing was
   * heard any more, or by the agent, which its machine may have taken along.
   */
  constructor(
    connection: Connection<AgentMessage, ManagerMessage>,
    listener: { ready: (boot: string | undefined) => void; closed: (isEndedHere: boolean) => void },
  ) {
    this.#connection = connection;
    connection.onClose((reason) => {
      this.#isClosed = true;
      listener.closed(this.#isClosedHere);
      this.#session?.onClose?.(reason);
    });
    connection.onMessage((message) => {
      if (this.#session !== undefined) this.#session.onMessage?.(message);
      else if (message.type === 'hello') {
        this.#hello = message;
        listener.ready(message.boot);
      } else if (message.type === 'description' && this.#hello !== undefined) {
        this.#hello = { ...this.#hello, description: message.description };
      }
    });
  }

  /** Whether the agent waits to be handed to a dispatcher. */
  get isWaiting(): boolean {
    return !this.#isClosed && this.#hello !== undefined && this.#session === undefined;
  }

  /** Hands the connection over; the agent's hello gets the node's ID, which only the manager's side knows for sure. */
  attach(nodeId: string, dispatcher: DispatcherPart): void {
    const hello = this.#hello;
    if (hello === undefined) return;
    const session: Session = {};
    this.#session = session;
    dispatcher.connect({
      send: (message) => this.#connection.send(message),
      close: (reason) => this.close(reason),
      onClose: (listener) => {
        session.onClose = listener;
      },
      onMessage: (listener) => {
        session.onMessage = listener;
        listener({ ...hello, nodeId });
      },
    });
  }

  /** Tells the agent that its machine is in no swarm (any more): it stops and removes whatever it runs for one. */
  dismiss(reason: string): void {
    this.#connection.send({ type: 'left', reason });
  }

  close(reason: string): void {
    this.#isClosedHere = true;
    this.#connection.close(reason);
  }
}
