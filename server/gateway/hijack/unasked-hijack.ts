/**
 * Old and simple clients attach without asking for an upgrade: they send a POST and take the connection's bytes for the container's,
 * which dockerd answers with 200 and the raw stream. Node hands a connection over only when an upgrade was asked for; anything after
 * such a request would be parsed as the next one. So the gateway looks at the first head of a connection and asks in the client's name.
 */

/** The protocol that is asked for in the client's name. */
export const UNASKED_UPGRADE = 'swarmlab-unasked';

const HIJACKING = /^POST (?:\/v[\d.]+)?\/(?:containers\/[^/ ?]+\/attach|exec\/[^/ ?]+\/start)[ ?]/;
const LONGEST_HEAD = 64 * 1024;

/**
 * Looks at the bytes that a connection begins with. Gives undefined while more are needed to decide, else the bytes to go on with: the
 * same ones, or with the upgrade put into the head.
 */
export function askInClientsName(begin: Buffer): Buffer | undefined {
  if (begin.length < 5) return undefined;
  if (begin.subarray(0, 5).toString('latin1') !== 'POST ') return begin;
  const end = begin.indexOf('\r\n\r\n');
  if (end < 0) return begin.length > LONGEST_HEAD ? begin : undefined;
  const head = begin.subarray(0, end).toString('latin1');
  if (!HIJACKING.test(head) || /\r\nupgrade:/i.test(head)) return begin;
  const kept = head.replace(/\r\nconnection:[^\r]*/gi, '');
  const asked = `${kept}\r\nConnection: Upgrade\r\nUpgrade: ${UNASKED_UPGRADE}`;
  return Buffer.concat([Buffer.from(asked, 'latin1'), begin.subarray(end)]);
}
