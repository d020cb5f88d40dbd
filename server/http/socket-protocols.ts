import { TERMINAL_PROTOCOL } from '../terminals/protocol.ts';

/** A ticket is offered as a subprotocol of its own: `ticket.` and the ticket. It is never the one that is chosen. */
const TICKET_PREFIX = 'ticket.';

/** The ticket that a Sec-WebSocket-Protocol header brings; undefined when there is none. */
export function ticketIn(header: string | undefined): string | undefined {
  const offered = (header ?? '').split(',').map((protocol) => protocol.trim());
  return offered.find((protocol) => protocol.startsWith(TICKET_PREFIX))?.slice(TICKET_PREFIX.length);
}

/** Chooses the subprotocol of a socket: the terminal's, or none. */
export function chooseProtocol(offered: ReadonlySet<string>): string | false {
  return offered.has(TERMINAL_PROTOCOL) ? TERMINAL_PROTOCOL : false;
}
