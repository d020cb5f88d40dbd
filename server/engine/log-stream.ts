import type { ContainerLogLine } from './engine.ts';

const HEADER_LENGTH = 8;
const NEWLINE = 0x0a;
const SPACE = 0x20;

/**
 * The messages of a multiplexed log stream (`application/vnd.docker.multiplexed-stream`): frames of an 8-byte header - stream, three
 * zeros, length big-endian - and one log message each.
 */
export async function* framedMessages(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<{ stream: 'stdout' | 'stderr'; message: Buffer }> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    rest = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk]);
    while (rest.length >= HEADER_LENGTH) {
      const end = HEADER_LENGTH + rest.readUInt32BE(4);
      if (rest.length < end) break;
      yield { stream: rest[0] === 2 ? 'stderr' : 'stdout', message: rest.subarray(HEADER_LENGTH, end) };
      rest = rest.subarray(end);
    }
  }
}

/** The lines of a raw stream, as a container with a terminal gives them, each with its newline if it had one. */
export async function* rawLines(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<{ stream: 'stdout'; message: Buffer }> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    rest = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk]);
    for (let end = rest.indexOf(NEWLINE); end >= 0; end = rest.indexOf(NEWLINE)) {
      yield { stream: 'stdout', message: rest.subarray(0, end + 1) };
      rest = rest.subarray(end + 1);
    }
  }
  if (rest.length > 0) yield { stream: 'stdout', message: rest };
}

/** Takes a message asked for with `timestamps` and `details` apart: `<timestamp> <key=value,..> <line>`. */
export function parseLogMessage(stream: 'stdout' | 'stderr', message: Buffer): ContainerLogLine {
  const afterTimestamp = message.indexOf(SPACE);
  const afterDetails = message.indexOf(SPACE, afterTimestamp + 1);
  if (afterTimestamp < 0 || afterDetails < 0) return { stream, timestamp: '', line: message, attributes: {} };
  return {
    stream,
    timestamp: message.toString('utf8', 0, afterTimestamp),
    attributes: parseDetails(message.toString('utf8', afterTimestamp + 1, afterDetails)),
    line: message.subarray(afterDetails + 1),
  };
}

function parseDetails(details: string): Record<string, string> {
  if (details === '') return {};
  const decode = (text: string) => decodeURIComponent(text.replaceAll('+', ' '));
  return Object.fromEntries(
    details.split(',').map((pair) => {
      const at = pair.indexOf('=');
      return at < 0 ? [decode(pair), ''] : [decode(pair.slice(0, at)), decode(pair.slice(at + 1))];
    }),
  );
}
