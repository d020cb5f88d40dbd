import type { Server } from 'node:http';
import { createAgentServer } from '../../agent/http/agent-api.ts';
import { listenOnSocket } from '../../agent/http/listen.ts';
import type { Disposable } from '../../clock/clock.ts';
import { RealClock } from '../../clock/real-clock.ts';
import { FilesApi } from '../../files/files-api.ts';
import type { HomeFiles } from '../../files/home-files.ts';
import type { WitnessedRequest } from '../../gateway/witness/witness.ts';
import type { SpawnPty } from '../../terminals/pty.ts';
import { TerminalApi } from '../../terminals/terminal-api.ts';
import { TerminalHost } from '../../terminals/terminal-host.ts';

export interface EmbeddedAgentApiOptions {
  openTerminal: SpawnPty;
  /** The student's home folder on this node. */
  files: HomeFiles;
  /** What the student's clients asked of the node after a sequence number. */
  requests(since: number): Promise<WitnessedRequest[]>;
  /** Whether the node's agent has a session with a manager. */
  isConnected(): Promise<boolean>;
}

/** What other processes find of an embedded node where they would find a real node's agent: terminals, files, the witness. */
export class EmbeddedAgentApi implements Disposable {
  readonly #terminals: TerminalHost;
  readonly #server: Server;

  private constructor(terminals: TerminalHost, server: Server) {
    this.#terminals = terminals;
    this.#server = server;
  }

  /** Listens on the node's agent socket. */
  static async listen(socket: string, options: EmbeddedAgentApiOptions): Promise<EmbeddedAgentApi> {
    // Whoever types is a person, in a person's time.
    const terminals = new TerminalHost({ clock: new RealClock(), spawn: options.openTerminal });
    const server = createAgentServer({
      requests: options.requests,
      terminals: new TerminalApi(terminals),
      files: new FilesApi(options.files),
      health: async () => ({
        ok: true,
        engine: { up: true },
        session: (await options.isConnected()) ? 'connected' : 'connecting',
      }),
    });
    await listenOnSocket(server, socket);
    return new EmbeddedAgentApi(terminals, server);
  }

  dispose(): void {
    this.#terminals.dispose();
    this.#server.close();
  }
}
