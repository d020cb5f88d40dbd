import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Clock } from '../clock/clock.ts';
import { answerNothing, answerThrown, type Exchange, plainExchange, rawExchange } from './exchange.ts';
import { asItCame, forward, type Outgoing } from './forward.ts';
import type { GuardContext } from './guard/endpoints/endpoint.ts';
import { admit } from './guard/guard.ts';
import { hostNetworkLookup } from './guard/host-network.ts';
import type { GuardPolicy } from './guard/policy.ts';
import { RawConnection } from './hijack/raw-connection.ts';
import { UNASKED_UPGRADE } from './hijack/unasked-hijack.ts';
import { readRawBody } from './http/read-body.ts';
import { redirected } from './http/redirected.ts';
import { type Listener, listenOn } from './listener.ts';
import type { NetworkPresentation } from './networks/network-presentation.ts';
import { jsonApi } from './presentation/json-upstream.ts';
import { present } from './presentation/present.ts';
import type { Surroundings } from './presentation/presenter.ts';
import { checkVersion } from './swarm-api/api-version.ts';
import type { HttpUpstream } from './upstream/http-upstream.ts';
import type { Witness } from './witness/witness.ts';
import { witnessBody, witnessExchange } from './witness/witness-exchange.ts';

export interface GatewayOptions {
  clock: Clock;
  /** The node's engine. */
  engine: HttpUpstream;
  /** The orchestrator's Swarm API as this node sees it; undefined where the engine is itself in a real Swarm. */
  swarm: HttpUpstream | undefined;
  /** What a client may ask for; undefined for graders and the page, who are trusted. */
  guard?: GuardPolicy | undefined;
  /** Who writes down what clients ask; undefined for graders and the page, who do not testify for the student. */
  witness?: Witness | undefined;
  /** The node's networks as in a Swarm; undefined where they are a real Swarm's, and in tests without networks. */
  networks?: NetworkPresentation | undefined;
  /** Keeps an eye on exchanges; undefined where time passes by itself. */
  attendance?: Attendance | undefined;
}

/** Who has to know when clients wait: in virtual time somebody must let time pass for them. */
export interface Attendance {
  /** Is told of a request that was let in and, where it was of interest, read; resolves when it may be answered. */
  due(exchange: Exchange): Promise<void>;
}

/** The Docker Engine API in front of a node. */
export interface Gateway {
  handler(req: IncomingMessage, res: ServerResponse): void;
  upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Serves on a unix socket with this file mode (0660 when not given). */
  listen(path: string, mode?: number): Promise<Listener>;
}

/**
 * Makes a gateway of one node: for the student's clients with a guard and a witness, for graders and the page another one without.
 * It owns nothing but the listeners it is asked for.
 */
export function createGateway(options: GatewayOptions): Gateway {
  const { engine, swarm, networks, clock, guard, witness, attendance } = options;
  const engineApi = jsonApi(engine, "the node's engine");
  const swarmApi = swarm && jsonApi(swarm, 'the orchestrator');
  const context: GuardContext | undefined = guard && {
    policy: guard,
    isHostNetwork: hostNetworkLookup(swarmApi ?? engineApi),
  };
  const surroundings: Surroundings | undefined =
    swarm && swarmApi ? { clock, engine, swarm, engineApi, swarmApi, networks } : undefined;

  const answer = async (exchange: Exchange) => {
    // To Docker every path has OPTIONS, and nothing to say about it.
    if (exchange.target.method === 'OPTIONS' && exchange.raw === undefined) {
      checkVersion(exchange.target.version);
      answerNothing(exchange.res, 200);
      return;
    }
    const testimony = witness && witnessExchange(witness, exchange);
    const outgoing = context ? await admitted(exchange, context) : await trusted(exchange);
    if (testimony) witnessBody(testimony, outgoing.target.path, outgoing.body);
    await attendance?.due(exchange);
    if (surroundings) await present(exchange, outgoing, surroundings);
    else forward(exchange, engine, outgoing);
  };
  const route = (exchange: Exchange) => {
    if (!redirected(exchange)) answer(exchange).catch((error: unknown) => answerThrown(exchange.res, error));
  };
  const handler: Gateway['handler'] = (req, res) => route(plainExchange(req, res));
  const upgrade: Gateway['upgrade'] = (req, socket, head) => {
    // A client that vanishes breaks its connection; whatever is joined to it hears of it by `close`.
    socket.on('error', () => socket.destroy());
    route(rawExchange(req, new RawConnection(socket, head, req.headers.upgrade !== UNASKED_UPGRADE)));
  };
  return { handler, upgrade, listen: (path, mode = 0o660) => listenOn(path, { handler, upgrade }, mode) };
}

/** The request as the guard lets it through. */
async function admitted(exchange: Exchange, context: GuardContext): Promise<Outgoing> {
  const { path, query, headers, body } = await admit(exchange, context);
  return { target: { ...exchange.target, path, query }, headers, body };
}

/** The request of a trusted client as it came; JSON is read to its end, for some of it has to be presented otherwise. */
async function trusted(exchange: Exchange): Promise<Outgoing> {
  const { target, req } = exchange;
  const outgoing = asItCame(exchange);
  const json = /^application\/json\s*(;|$)/i.test(req.headers['content-type'] ?? '');
  return json && target.method === 'POST'
    ? { ...outgoing, body: await readRawBody(exchange, MAX_TRUSTED_JSON) }
    : outgoing;
}

const MAX_TRUSTED_JSON = 16 * 1024 * 1024;
