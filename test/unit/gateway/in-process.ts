import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { VirtualClock } from '../../../server/clock/virtual-clock.ts';
import { createGateway, type GatewayOptions } from '../../../server/gateway/gateway.ts';
import { InProcessUpstream } from '../../../server/gateway/upstream/in-process-upstream.ts';

export interface Seen {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  body: string;
}

export interface Answered {
  status: number;
  headers: IncomingMessage['headers'];
  text: string;
}

export type Reply = (seen: Seen, res: ServerResponse) => void;

/** An engine, or an orchestrator, that writes down what reaches it and answers as the test says. */
export class FakeUpstream extends InProcessUpstream {
  readonly seen: Seen[];

  constructor(reply: Reply = (_, res) => void res.writeHead(200, { 'content-type': 'application/json' }).end('{}\n')) {
    const seen: Seen[] = [];
    super({
      handler: (req, res) => {
        readAll(req).then((body) => {
          const one = { method: req.method ?? '', url: req.url ?? '', headers: req.headers, body };
          seen.push(one);
          reply(one, res);
        });
      },
    });
    this.seen = seen;
  }

  /** The bodies that came with this method and path, parsed. */
  bodies(method: string, path: string): unknown[] {
    return this.seen
      .filter((one) => one.method === method && one.url.replace(/^\/v[\d.]+/, '').split('?')[0] === path)
      .map((one) => JSON.parse(one.body));
  }
}

/** A gateway that is asked without any socket. */
export function gatewayInProcess(options: Partial<GatewayOptions> & Pick<GatewayOptions, 'engine'>): InProcessUpstream {
  return new InProcessUpstream(createGateway({ clock: new VirtualClock(), swarm: undefined, ...options }));
}

export interface Question {
  headers?: OutgoingHttpHeaders;
  body?: string | Buffer | object;
  /** Sends the body in chunks, its length untold. */
  chunked?: boolean;
}

/** Asks a whole question and waits for the whole answer. An object is sent as JSON. */
export function ask(
  upstream: InProcessUpstream,
  method: string,
  path: string,
  question: Question = {},
): Promise<Answered> {
  const { body } = question;
  const json = typeof body === 'object' && !Buffer.isBuffer(body);
  const bytes = body === undefined ? undefined : Buffer.from(json ? JSON.stringify(body) : (body as string));
  const headers = {
    ...(bytes && { 'content-type': 'application/json', ...(!question.chunked && { 'content-length': bytes.length }) }),
    ...question.headers,
  };
  return new Promise((resolve, reject) => {
    const request = upstream.request({ method, path, headers });
    request.on('error', reject);
    request.on('response', (answer) => {
      readAll(answer).then(
        (text) => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }),
        reject,
      );
    });
    request.end(bytes);
  });
}

/** The message of a refusal. */
export function messageOf({ text }: Answered): string {
  return (JSON.parse(text) as { message: string }).message;
}

export async function readAll(stream: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
