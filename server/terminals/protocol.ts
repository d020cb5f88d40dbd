import { z } from 'zod';

/** The subprotocol that both ends name when they connect; a later version of the messages gets a later number. */
export const TERMINAL_PROTOCOL = 'swarmlab-terminal.v1';

/** Close code of a socket (from the range for applications) whose terminal is not there any more: no use in trying again. */
export const TERMINAL_GONE = 4404;

/** The largest message taken from a viewer: a paste. */
export const MAX_INPUT_BYTES = 1024 * 1024;

const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const cells = z.number().int().min(2).max(1000);

/** Text frames from a viewer. Binary frames from a viewer are keystrokes. */
export const clientMessage = z.discriminatedUnion('type', [
  /** Everything before `sequence` has been rendered. */
  z.strictObject({ type: z.literal('ack'), sequence: count }),
  z.strictObject({ type: z.literal('resize'), cols: cells, rows: cells }),
]);

/** Text frames to a viewer. Binary frames to a viewer are output: see `encodeOutput`. */
export const serverMessage = z.discriminatedUnion('type', [
  /** The first message: `sequence` is where the stream ends now, so that a viewer knows when it has caught up. */
  z.object({ type: z.literal('hello'), sequence: count, cols: cells, rows: cells }),
  /** `bytes` are no longer held; `screen`, written to a reset terminal, stands for all before `sequence`, where output goes on. */
  z.object({ type: z.literal('skipped'), bytes: count, sequence: count, screen: z.string() }),
  /** Somebody gave the terminal another size. */
  z.object({ type: z.literal('size'), cols: cells, rows: cells }),
  /** The shell has ended, with this exit status; nothing follows. */
  z.object({ type: z.literal('exit'), code: z.number().int() }),
]);

export type ClientMessage = z.infer<typeof clientMessage>;
export type ServerMessage = z.infer<typeof serverMessage>;

/** The size a terminal is made with: POST /v0/terminals. */
export const terminalSize = z.strictObject({ cols: cells, rows: cells });

/** GET /v0/terminals gives a list of these. */
export const terminalInfo = z.object({
  id: z.string().regex(/^[a-z0-9]{1,40}$/),
  cols: cells,
  rows: cells,
  sequence: count,
  viewers: count,
  exitCode: z.number().int().optional(),
});
export type TerminalInfo = z.infer<typeof terminalInfo>;

const HEADER_BYTES = 8;

/** A binary frame to a viewer: the sequence number of its first byte (8 bytes, big-endian), then the bytes. */
export function encodeOutput(sequence: number, bytes: Uint8Array): Uint8Array {
  const frame = new Uint8Array(HEADER_BYTES + bytes.length);
  new DataView(frame.buffer).setBigUint64(0, BigInt(sequence));
  frame.set(bytes, HEADER_BYTES);
  return frame;
}

/** Takes a binary frame apart again; undefined when it is too short to be one. */
export function decodeOutput(frame: Uint8Array): { sequence: number; bytes: Uint8Array } | undefined {
  if (frame.length < HEADER_BYTES) return undefined;
  const sequence = Number(new DataView(frame.buffer, frame.byteOffset).getBigUint64(0));
  return { sequence, bytes: frame.subarray(HEADER_BYTES) };
}
