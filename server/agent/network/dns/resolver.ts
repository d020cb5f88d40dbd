import {
  type DnsAnswer,
  type DnsQuery,
  type DnsReply,
  NAME_ERROR,
  NO_ERROR,
  reversedAddress,
  TYPE_A,
  TYPE_PTR,
} from './message.ts';
import type { OverlayNames } from './overlay-names.ts';
import { resolveAddress, resolveName } from './overlay-names.ts';

/** Seconds for which Docker's embedded server lets an answer be kept. */
const TTL = 600;

/** Names with fixed addresses: the cluster's machines, and what shall resolve without any internet. */
export type Zone = Readonly<Record<string, readonly string[]>>;

/** Turns [a, b, c] into some order of it; tests give their own. */
export type Shuffle = (addresses: readonly string[]) => string[];

/**
 * Answers from the names of the asker's overlays, then from the zone. Undefined: the name is neither's, ask elsewhere. A name that
 * is known but has nothing of the type asked for is answered with nothing, as Docker does for AAAA.
 */
export function answerQuery(
  query: DnsQuery,
  networks: readonly OverlayNames[],
  zone: Zone,
  shuffle: Shuffle = shuffled,
): DnsReply | undefined {
  const address = reversedAddress(query.name);
  if (address !== undefined) return answerReverse(query, address, networks, zone);
  const addresses = resolveName(networks, query.name) ?? zone[query.name];
  if (addresses === undefined) return undefined;
  const answers = shuffle(addresses).map((one): DnsAnswer => ({ type: TYPE_A, address: one }));
  return { code: NO_ERROR, answers: query.type === TYPE_A ? answers : [], ttl: TTL };
}

function answerReverse(query: DnsQuery, address: string, networks: readonly OverlayNames[], zone: Zone) {
  const name = resolveAddress(networks, address) ?? Object.keys(zone).find((key) => zone[key]?.includes(address));
  if (name === undefined) return undefined;
  const answers: DnsAnswer[] = query.type === TYPE_PTR ? [{ type: TYPE_PTR, name }] : [];
  return { code: NO_ERROR, answers, ttl: TTL };
}

/** The answer where nobody knows the name. */
export const UNKNOWN_NAME: DnsReply = { code: NAME_ERROR, answers: [], ttl: 0 };

function shuffled(addresses: readonly string[]): string[] {
  const order = [...addresses];
  for (let last = order.length - 1; last > 0; last -= 1) {
    const other = Math.floor(Math.random() * (last + 1));
    const [a, b] = [order[last], order[other]];
    if (a !== undefined && b !== undefined) [order[last], order[other]] = [b, a];
  }
  return order;
}
