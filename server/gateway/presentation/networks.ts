import { answerError, answerJson } from '../exchange.ts';
import { forward } from '../forward.ts';
import type { Presenter } from './presenter.ts';

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
    ...(body !== undefined && body.length > 0 && { body: JSON.parse(body.toString()) }),
  });
  if (answer.body !== undefined) answerJson(res, answer.status, answer.body);
  else if (answer.status >= 400) answerError(res, answer.status, 'the network could not be changed');
  else res.writeHead(answer.status, answer.status === 204 ? {} : { 'content-length': 0 }).end();
};
