import { answerError, answerJson, answerNothing } from '../exchange.ts';
import { forward } from '../forward.ts';
import { readJson } from '../http/json-body.ts';
import type { Presenter } from './presenter.ts';

const TAKES_JSON = /^\/networks\/(?:create|.*\/(?:dis)?connect)$/;

/** /networks and below: the engine's networks and the swarm's as one. */
export const presentNetworks: Presenter = async (exchange, outgoing, { engine, networks }) => {
  if (networks === undefined) {
    forward(exchange, engine, outgoing);
    return;
  }
  const { res } = exchange;
  const { target, body } = outgoing;
  const answer = await networks.networks({
    method: target.method,
    path: target.path,
    query: new URLSearchParams(target.query),
    ...(TAKES_JSON.test(target.path) &&
      target.method === 'POST' && { body: readJson(exchange.req.headers, body ?? Buffer.alloc(0)) }),
  });
  if (answer.body !== undefined) answerJson(res, answer.status, answer.body);
  else if (answer.status >= 400) answerError(res, answer.status, 'the network could not be changed');
  else answerNothing(res, answer.status);
};
