/** Record types the server knows (RFC 1035 3.2.2, RFC 3596); others are only passed on. */
export const TYPE_A = 1;
export const TYPE_PTR = 12;
export const TYPE_AAAA = 28;

const TYPE_OPT = 41;
const CLASS_IN = 1;

/** Response codes (RFC 1035 4.1.1). */
export const NO_ERROR = 0;
export const NAME_ERROR = 3;

/** The most a client takes over UDP unless its query says more (RFC 1035 4.2.1, RFC 6891 6.2.3). */
const UDP_SIZE = 512;
const HEADER_SIZE = 12;
/** A compression pointer to the question's name, which always begins after the header (RFC 1035 4.1.4). */
const POINTER_TO_QUESTION = 0xc000 | HEADER_SIZE;

const FLAG_RESPONSE = 0x8000;
const FLAG_TRUNCATED = 0x0200;
const FLAG_RECURSION_DESIRED = 0x0100;
const FLAG_RECURSION_AVAILABLE = 0x0080;
const OPCODE = 0x7800;

/** A question of class IN. */
export interface DnsQuery {
  id: number;
  /** In lower case, without the dot at the end. */
  name: string;
  type: number;
  recursionDesired: boolean;
  /** Bytes the client takes in one UDP datagram. */
  udpSize: number;
  /** The question as it came (its spelling is given back as it was). */
  question: Uint8Array;
}

/** A record for the name that was asked: an IPv4 address, or a name where PTR was asked. */
export type DnsAnswer = { type: typeof TYPE_A; address: string } | { type: typeof TYPE_PTR; name: string };

/** What is answered, before it is bytes. */
export interface DnsReply {
  code: number;
  answers: DnsAnswer[];
  /** Seconds for which the answers may be kept. */
  ttl: number;
}

/** Reads a query; undefined for what is none, or has not exactly one question of class IN. */
export function parseQuery(message: Uint8Array): DnsQuery | undefined {
  if (message.length < HEADER_SIZE) return undefined;
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  const flags = view.getUint16(2);
  if ((flags & (FLAG_RESPONSE | OPCODE)) !== 0 || view.getUint16(4) !== 1) return undefined;
  const labels: string[] = [];
  let at = HEADER_SIZE;
  for (;;) {
    const length = message[at];
    if (length === undefined || length > 63) return undefined;
    at += 1;
    if (length === 0) break;
    labels.push(String.fromCharCode(...message.subarray(at, at + length)));
    at += length;
  }
  if (at + 4 > message.length || view.getUint16(at + 2) !== CLASS_IN) return undefined;
  return {
    id: view.getUint16(0),
    name: labels.join('.').toLowerCase(),
    type: view.getUint16(at),
    recursionDesired: (flags & FLAG_RECURSION_DESIRED) !== 0,
    udpSize: ednsSize(view, at + 4),
    question: message.slice(HEADER_SIZE, at + 4),
  };
}

/** The size of an OPT record straight behind the question, where every resolver puts it. */
function ednsSize(view: DataView, at: number): number {
  if (view.getUint16(10) === 0 || at + 5 > view.byteLength) return UDP_SIZE;
  const isOpt = view.getUint8(at) === 0 && view.getUint16(at + 1) === TYPE_OPT;
  return isOpt ? Math.max(view.getUint16(at + 3), UDP_SIZE) : UDP_SIZE;
}

/**
 * The bytes of a reply. Answers that do not fit into `maxSize` are left out and the reply is marked as truncated, so that the client
 * asks again over TCP.
 */
export function formatReply(query: DnsQuery, reply: DnsReply, maxSize: number): Uint8Array {
  const records: Uint8Array[] = [];
  let size = HEADER_SIZE + query.question.length;
  let truncated = false;
  for (const answer of reply.answers) {
    const record = formatRecord(answer, reply.ttl);
    if (size + record.length > maxSize) {
      truncated = true;
      break;
    }
    records.push(record);
    size += record.length;
  }
  const header = new Uint8Array(HEADER_SIZE);
  const view = new DataView(header.buffer);
  view.setUint16(0, query.id);
  view.setUint16(
    2,
    FLAG_RESPONSE |
      FLAG_RECURSION_AVAILABLE |
      (query.recursionDesired ? FLAG_RECURSION_DESIRED : 0) |
      (truncated ? FLAG_TRUNCATED : 0) |
      reply.code,
  );
  view.setUint16(4, 1);
  view.setUint16(6, records.length);
  return Buffer.concat([header, query.question, ...records]);
}

function formatRecord(answer: DnsAnswer, ttl: number): Uint8Array {
  const data = answer.type === TYPE_A ? Uint8Array.from(answer.address.split('.'), Number) : formatName(answer.name);
  const record = new Uint8Array(HEADER_SIZE + data.length);
  const view = new DataView(record.buffer);
  view.setUint16(0, POINTER_TO_QUESTION);
  view.setUint16(2, answer.type);
  view.setUint16(4, CLASS_IN);
  view.setUint32(6, ttl);
  view.setUint16(10, data.length);
  record.set(data, HEADER_SIZE);
  return record;
}

function formatName(name: string): Uint8Array {
  const labels = name.split('.').filter(Boolean);
  return Buffer.concat([
    ...labels.map((label) => Buffer.from(`${String.fromCharCode(label.length)}${label}`, 'latin1')),
    Buffer.of(0),
  ]);
}

/** The IPv4 address that a name under in-addr.arpa asks for; undefined for any other name. */
export function reversedAddress(name: string): string | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.in-addr\.arpa$/.exec(name);
  return match?.slice(1).reverse().join('.');
}
