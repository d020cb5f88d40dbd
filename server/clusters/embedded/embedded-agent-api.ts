import type { Server } from 'node:http';
import { createAgentServer } from '../../agent/http/agent-api.ts';
import { listenOnSocket } from '../../agent/http/listen.ts';
import type { Clock } from '../../clock/clock.ts';
import { FilesApi } from '../../files/files-api.ts';
import type { HomeFiles } from '../../files/home-files.ts';
import type { Witness } from '../../gateway/witness/witness.ts';
import type { SpawnPty } from '../../terminals/pty.ts';
import { TerminalApi } from '../../terminals/terminal-api.ts';
import { TerminalHost } from '../../terminals/terminal-host.ts';

export interface EmbeddedAgentApiOptions {
  clock: Clock;
  witness: Witness;
  openTerminal: SpawnPty;
  /** The student's home folder on this node. */
  files: HomeFiles;
  /** Whether the node's agent has a session with a manager. */
  isConnected: () => boolean;
}

/** What other processes find of an embedded node where they would find a real node's agent: terminals, files, the witness. */
export class EmbeddedAgentApi {
  readonly #terminals: TerminalHost;
  readonly #server: Server;

  private constructor(terminals: TerminalHost, server: Server) {
    this.#terminals = terminals;
    this.#server = server;
  }

  /** Listens on the node's agent socket. */
  static async listen(socket: string, options: EmbeddedAgentApiOptions): Promise<EmbeddedAgentApi> {
    const { clock, witness, openTerminal, files, isConnected } = options;
    const terminals = new TerminalHost({ clock, spawn: openTerminal });
    const server = createAgentServer({
      witness: () => witness,
      terminals: new TerminalApi(terminals),
      files: new FilesApi(files),
      health: async () => ({
        ok: true,
        engine: { up: true },
        session: isConnected() ? 'connected' : 'connecting',
      }),
    });
    await listenOnSocket(server, socket);
    return new EmbeddedAgentApi(terminals, server);
  }

  close(): void {
    this.#terminals.dispose();
    this.#server.close();
  }
}
