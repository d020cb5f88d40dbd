import { type ClientRequest, request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { DockerOptions } from 'dockerode';
import type { EngineAnswer } from './grading-cluster.ts';
import { ClusterUnreachable } from './verdict.ts';

/** Where an Engine API listens: a unix socket's path, or a host and port. */
export type EngineAddress = { socketPath: string } | { protocol: 'http:' | 'https:'; host: string; port: number };

/** How long an engine may take to answer; a manager gives up after 20 s itself. */
const ANSWER_LIMIT = 25_000;

/** Reads an address as DOCKER_HOST has it (unix://, tcp://, http://, https://); undefined for anything else. */
export function parseEngineAddress(url: string): EngineAddress | undefined {
  if (url.startsWith('unix://')) return { socketPath: url.slice('unix://'.length) };
  if (!URL.canParse(url)) return undefined;
  const { protocol, hostname, port } = new URL(url);
  if (protocol !== 'tcp:' && protocol !== 'http:' && protocol !== 'https:') return undefined;
  const secure = protocol === 'https:' || port === '2376';
  return { protocol: secure ? 'https:' : 'http:', host: hostname, port: Number(port || (secure ? 2376 : 2375)) };
}

/** The same address as dockerode takes it. */
export function dockerodeOptions(address: EngineAddress): DockerOptions {
  if ('socketPath' in address) return address;
  return { host: address.host, port: address.port, protocol: address.protocol === 'https:' ? 'https' : 'http' };
}

/** What is asked of an engine, besides where. */
export interface EngineRequest {
  method: 'GET' | 'POST' | 'DELETE';
  path: string;
  /** Sent as JSON. */
  body?: unknown;
}

/** Asks an engine; any status is an answer. Rejects with ClusterUnreachable when nobody answers; `who` names the engine in the message. */
export async function askEngine(
  address: EngineAddress,
  asked: EngineRequest,
  who: string,
): Promise<{ status: number; body: Buffer }> {
  return new Promise((resolve, reject) => {
    const fail = (cause: unknown) =>
      reject(new ClusterUnreachable(`the engine of ${who} does not answer: ${reasonOf(cause)}`, { cause }));
    const request = open(address, asked, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks) }));
      response.on('error', fail);
    });
    request.setTimeout(ANSWER_LIMIT, () => request.destroy(new Error(`no answer within ${ANSWER_LIMIT / 1000} s`)));
    request.on('error', fail);
    request.end(asked.body === undefined ? undefined : JSON.stringify(asked.body));
  });
}

/** The same, with the body read as JSON where it is. */
export async function askForJson(address: EngineAddress, asked: EngineRequest, who: string): Promise<EngineAnswer> {
  const { status, body } = await askEngine(address, asked, who);
  const text = body.toString('utf8');
  try {
    return { status, body: JSON.parse(text) };
  } catch {
    return { status, body: text };
  }
}

/**
 * Follows the engine's events until the signal; `onEvent` is called for each piece of the stream, `onEnd` once when it ends, for
 * whatever reason.
 */
export function followEvents(
  address: EngineAddress,
  signal: AbortSignal,
  onEvent: () => void,
  onEnd: () => void,
): void {
  const request = open(
    address,
    { method: 'GET', path: '/events' },
    (response) => response.on('data', onEvent).on('error', () => {}),
    signal,
  );
  request.on('error', () => {});
  request.on('close', onEnd);
  request.end();
}

function open(
  address: EngineAddress,
  { method, path, body }: EngineRequest,
  onResponse: (response: IncomingMessage) => void,
  signal?: AbortSignal,
): ClientRequest {
  const options: RequestOptions = {
    ...address,
    path,
    method,
    agent: false,
    headers: { host: 'docker', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(signal === undefined ? {} : { signal }),
  };
  return 'protocol' in address && address.protocol === 'https:'
    ? httpsRequest(options, onResponse)
    : httpRequest(options, onResponse);
}

function reasonOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 'its socket is not there';
  if (error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED') return 'connection refused';
  return error instanceof Error ? error.message : String(error);
}
