import type { Clock } from '../../clock/clock.ts';
import type { Exchange } from '../exchange.ts';
import type { Outgoing } from '../forward.ts';
import type { JsonApi } from '../networks/json-api.ts';
import type { NetworkPresentation } from '../networks/network-presentation.ts';
import type { HttpUpstream } from '../upstream/http-upstream.ts';

/** Whom a node with a swarm of ours in front of it asks. */
export interface Surroundings {
  readonly clock: Clock;
  readonly engine: HttpUpstream;
  readonly swarm: HttpUpstream;
  readonly engineApi: JsonApi;
  readonly swarmApi: JsonApi;
  readonly networks: NetworkPresentation | undefined;
}

/** Answers a request so that engine and orchestrator together look like one daemon in a Swarm. */
export type Presenter = (exchange: Exchange, outgoing: Outgoing, surroundings: Surroundings) => void | Promise<void>;
