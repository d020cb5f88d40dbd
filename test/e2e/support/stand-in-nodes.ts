import { mkdirSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { RealClock } from '../../../server/clock/real-clock.ts';
import { FilesApi } from '../../../server/files/files-api.ts';
import { StudentFiles } from '../../../server/files/student-files.ts';
import { spawnNodePty } from '../../../server/terminals/node-pty.ts';
import { TerminalApi } from '../../../server/terminals/terminal-api.ts';
import { TerminalHost } from '../../../server/terminals/terminal-host.ts';

export const STAND_IN_NODES = ['master', 'worker1'];

/**
 * Nodes that are nothing but shells of this machine, for what has to be shown about terminals and the page: the terminals are the real
 * ones, in this process, which outlives the server's.
 */
export class StandInNodes {
  readonly #folder: string;
  readonly #servers: Server[] = [];
  readonly #hosts: TerminalHost[] = [];

  /** The sockets lie in `folder`, one folder a node. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  async start(): Promise<void> {
    for (const node of STAND_IN_NODES) {
      const home = join(this.#folder, node, 'home');
      mkdirSync(home, { recursive: true });
      const environment = { HOME: home, PATH: process.env.PATH ?? '', LANG: 'C.UTF-8' };
      const host = new TerminalHost({
        clock: new RealClock(),
        spawn: (size) =>
          spawnNodePty(
            {
              file: '/bin/bash',
              args: ['--norc', '--noprofile'],
              cwd: home,
              // No history: a shell that is hung up would write it while the folder is being removed.
              env: { ...environment, HISTFILE: '', PS1: `vagrant@${node}:~$ ` },
            },
            size,
          ),
      });
      const api = new TerminalApi(host);
      const files = new FilesApi(new StudentFiles((words) => ({ words, environment })));
      const server = createServer((request, response) => {
        if (!api.handle(request, response) && !files.handle(request, response)) response.writeHead(404).end();
      });
      server.on('upgrade', (request, socket, head) => api.upgrade(request, socket, head));
      await new Promise<void>((resolve) => server.listen(join(this.#folder, node, 'agent.sock'), resolve));
      this.#servers.push(server);
      this.#hosts.push(host);
    }
  }

  async stop(): Promise<void> {
    for (const host of this.#hosts) host.dispose();
    for (const server of this.#servers) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
