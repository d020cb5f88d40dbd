import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { SwarmlabError } from '../../errors/swarmlab-error.ts';
import { relay } from '../../terminals/relay.ts';
import { type ServerContext, type TerminalSubject, userOf } from '../server-context.ts';
import { ticketIn } from '../socket-protocols.ts';

const query = z.object({ from: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).default(0) });

declare module 'fastify' {
  interface FastifyRequest {
    /** The terminal that a redeemed ticket is for. */
    terminal: TerminalSubject | null;
  }
}

/**
 * WebSocket /api/terminal?from=SEQUENCE: a terminal's stream. Which one says the ticket, which travels as a subprotocol: URLs end up in
 * logs.
 */
export function terminalSocket(server: FastifyInstance, { workspaces, tickets }: ServerContext): void {
  server.decorateRequest('terminal', null);
  server.get(
    '/api/terminal',
    {
      websocket: true,
      // Before the upgrade, so that a bad ticket is answered with 403 and never with an open socket.
      preValidation: async (request) => {
        const ticket = ticketIn(request.headers['sec-websocket-protocol']);
        const subject = ticket === undefined ? undefined : tickets.redeem(userOf(request).id, ticket);
        if (subject === undefined) {
          throw new SwarmlabError('SL_FORBIDDEN', 'the ticket is not good, or not any more', {
            next: 'Ask for a new one.',
          });
        }
        request.terminal = subject;
        await workspaces.get(userOf(request).id, subject.workspace);
      },
    },
    async (socket, request) => {
      const { from } = query.parse(request.query);
      if (request.terminal === null) return socket.close();
      const { workspace, terminal } = request.terminal;
      relay(socket, (await workspaces.get(userOf(request).id, workspace)).terminals.connect(terminal, from));
    },
  );
}
