import type { IncomingHttpHeaders } from 'node:http';
import { ControlError } from '../../orchestrator/api/control-error.ts';
import { endOfFirstValue, JsonSyntaxError } from './json-syntax.ts';
import { mediaTypeOf, mediaTypeProblem } from './media-type.ts';

/** Refuses a body that does not say that it is JSON; no body need say anything. Throws Docker's 400. */
export function checkJsonType(headers: IncomingHttpHeaders): void {
  const type = headers['content-type'] ?? '';
  if (type === '' && !hasBody(headers)) return;
  const problem = mediaTypeProblem(type);
  if (problem !== undefined) throw new ControlError(400, `malformed Content-Type header (${type}): ${problem}`);
  if (mediaTypeOf(type) !== 'application/json')
    throw new ControlError(400, `unsupported Content-Type header (${type}): must be 'application/json'`);
}

/**
 * Reads the JSON of a request's body as Docker does: the first value counts, and what follows it may only be what could end something.
 * Undefined when there is no body. Throws Docker's 400 in the words of Go's decoder.
 */
export function readJson(headers: IncomingHttpHeaders, bytes: Buffer): unknown {
  checkJsonType(headers);
  if (bytes.length === 0 && !hasBody(headers)) return undefined;
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return firstValue(bytes);
  }
}

function hasBody(headers: IncomingHttpHeaders): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

function firstValue(bytes: Buffer): unknown {
  return JSON.parse(firstValueOf(bytes).toString());
}

/** The bytes of the first JSON value, which is all that Docker reads. Throws its 400 in the words of Go's decoder. */
export function firstValueOf(bytes: Buffer): Buffer {
  // One character a byte.
  const text = bytes.toString('latin1');
  const end = endOrRefuse(text);
  if (end === undefined) throw new ControlError(400, 'invalid JSON: got EOF while reading request body');
  const [next] = text.slice(end).trimStart();
  if (next !== undefined && next !== ']' && next !== '}') throw new ControlError(400, 'unexpected content after JSON');
  return bytes.subarray(0, end);
}

function endOrRefuse(text: string): number | undefined {
  try {
    return endOfFirstValue(text);
  } catch (error) {
    if (error instanceof JsonSyntaxError) throw new ControlError(400, `invalid JSON: ${error.message}`);
    throw error;
  }
}
