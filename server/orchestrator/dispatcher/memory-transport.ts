import type { AgentMessage, Connection, ManagerMessage } from './protocol.ts';

type Item<T> = { message: T } | { closed: string };

/** One end: what arrives waits until there is a listener, and is handed over one by one in turns of its own. */
class MemoryEnd<Incoming, Outgoing> implements Connection<Incoming, Outgoing> {
  peer: MemoryEnd<Outgoing, Incoming> | undefined;
  isCut = false;
  readonly #queue: Item<Incoming>[] = [];
  #onMessage: ((message: Incoming) => void) | undefined;
  #onClose: ((reason: string) => void) | undefined;
  #draining = false;
  #closed = false;

  send(message: Outgoing): void {
    if (!this.#closed && !this.isCut) this.peer?.accept({ message });
  }

  onMessage(listener: (message: Incoming) => void): void {
    this.#onMessage = listener;
    this.#drain();
  }

  onClose(listener: (reason: string) => void): void {
    this.#onClose = listener;
  }

  close(reason: string): void {
    if (this.#closed) return;
    this.accept({ closed: reason });
    if (!this.isCut) this.peer?.accept({ closed: reason });
  }

  accept(item: Item<Incoming>): void {
    this.#queue.push(item);
    this.#drain();
  }

  #drain(): void {
    if (this.#draining || this.#onMessage === undefined) return;
    this.#draining = true;
    queueMicrotask(() => {
      this.#draining = false;
      const item = this.#queue.shift();
      if (item === undefined || this.#closed) return;
      if ('closed' in item) {
        this.#closed = true;
        this.#onClose?.(item.closed);
        return;
      }
      this.#onMessage?.(item.message);
      if (this.#queue.length > 0) this.#drain();
    });
  }
}

export interface MemoryLink {
  readonly agent: Connection<ManagerMessage, AgentMessage>;
  readonly manager: Connection<AgentMessage, ManagerMessage>;
  /** From now on nothing gets through any more, and neither end is told: a cable pulled. */
  cut(): void;
}

/** A session's two ends inside one process, for embedded nodes and tests. Messages are passed on as they are, in order. */
export function createMemoryLink(): MemoryLink {
  const agent = new MemoryEnd<ManagerMessage, AgentMessage>();
  const manager = new MemoryEnd<AgentMessage, ManagerMessage>();
  agent.peer = manager;
  manager.peer = agent;
  const cut = () => {
    agent.isCut = true;
    manager.isCut = true;
  };
  return { agent, manager, cut };
}
