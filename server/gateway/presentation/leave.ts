import { answerError, answerJson, answerNothing } from '../exchange.ts';
import { send } from '../forward.ts';
import { readJsonAnswer } from './json-upstream.ts';
import type { Presenter } from './presenter.ts';

/** POST /swarm/leave: answered, as the real one, when the tasks' containers and the overlays are gone from this node. */
export const presentLeave: Presenter = (exchange, outgoing, { swarm, networks }) => {
  const { res } = exchange;
  const fail = (error: Error) => answerError(res, 503, `the orchestrator does not answer: ${error.message}`);
  const request = send(exchange, swarm, outgoing);
  request.on('error', fail);
  request.on('response', (answer) => {
    const finish = async () => {
      const { status, body } = await readJsonAnswer(answer);
      if (status < 400) await networks?.left();
      if (body === undefined) answerNothing(res, status);
      else answerJson(res, status, body);
    };
    finish().catch(fail);
  });
};
