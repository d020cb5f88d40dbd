import { ControlError } from '../../orchestrator/api/control-error.ts';
import type { Exchange } from '../exchange.ts';
import { answerError, answerJson } from '../exchange.ts';
import { forward, type Outgoing, send } from '../forward.ts';
import { TASK_LABEL } from '../networks/network-labels.ts';
import type { Started } from '../networks/network-presentation.ts';
import type { HttpUpstream } from '../upstream/http-upstream.ts';
import { readJsonAnswer } from './json-upstream.ts';
import type { Presenter } from './presenter.ts';

type Shown = Record<string, unknown>;

/** GET /containers/json, with tasks told from other containers and networks called as in a Swarm. */
export const presentContainerList: Presenter = (exchange, outgoing, { engine, networks }) => {
  const query = new URLSearchParams(outgoing.target.query);
  const { filters, wanted } = taskFilter(query.get('filters') ?? '');
  if (filters !== '') query.set('filters', networks?.filters(filters) ?? filters);
  const target = { ...outgoing.target, query: query.toString() };
  rewriteJson(exchange, engine, { ...outgoing, target }, (body) => {
    if (!Array.isArray(body)) return body;
    const list: Shown[] = wanted === undefined ? body : body.filter((one: Shown) => isTask(one) === wanted);
    return networks === undefined ? list : list.map((one) => networks.container(one));
  });
};

/** GET /containers/ID/json. */
export const presentContainer: Presenter = (exchange, outgoing, { engine, networks }) => {
  rewriteJson(exchange, engine, outgoing, (body) => networks?.container(body as Shown) ?? body);
};

/** POST /containers/create, its networks named as the engine knows them. */
export const presentContainerCreate: Presenter = async (exchange, outgoing, { engine, networks }) => {
  if (networks === undefined || outgoing.body === undefined || outgoing.body.length === 0) {
    forward(exchange, engine, outgoing);
    return;
  }
  const body = await networks.creating(JSON.parse(outgoing.body.toString()));
  forward(exchange, engine, { ...outgoing, body: Buffer.from(JSON.stringify(body)) });
};

/** POST /containers/ID/start and /restart: overlays are joined before, and left again when the container did not start. */
export const presentContainerStart: Presenter = async (exchange, outgoing, { engine, networks }) => {
  const id = /^\/containers\/([^/]+)\//.exec(outgoing.target.path)?.[1] ?? '';
  const started: Started | undefined = await networks?.starting(decodeURIComponent(id));
  const { res } = exchange;
  if (started) {
    res.on('close', () => {
      // The client has its answer already; what could not be given back goes with the container.
      started(res.statusCode < 400).catch(() => {});
    });
  }
  forward(exchange, engine, outgoing);
};

/** The filters without `is-task`, which the engine would answer for tasks of its own swarm, and what it asked for. */
function taskFilter(text: string): { filters: string; wanted: boolean | undefined } {
  if (!text.includes('is-task')) return { filters: text, wanted: undefined };
  const { 'is-task': isTaskValues, ...others } = JSON.parse(text) as Record<string, unknown>;
  const values = Array.isArray(isTaskValues) ? isTaskValues.map(String) : Object.keys(isTaskValues ?? {});
  const truth = values.map((value) => ['1', 'true', 't', 'T', 'TRUE', 'True'].includes(value));
  if (values.length !== 1) throw new ControlError(400, `invalid filter 'is-task=[${values.join(' ')}]'`);
  return { filters: JSON.stringify(others), wanted: truth[0] };
}

function isTask({ Labels }: Shown): boolean {
  return typeof Labels === 'object' && Labels !== null && TASK_LABEL in Labels;
}

/** Sends a request on and its answer back with its JSON changed; refusals come back as they are. */
function rewriteJson(
  exchange: Exchange,
  upstream: HttpUpstream,
  outgoing: Outgoing,
  change: (body: unknown) => unknown,
): void {
  const { res } = exchange;
  const request = send(exchange, upstream, outgoing);
  const fail = (error: Error) => answerError(res, 503, `the node's engine does not answer: ${error.message}`);
  request.on('error', fail);
  request.on('response', (answer) => {
    readJsonAnswer(answer).then(
      ({ status, body }) => answerJson(res, status, status < 400 ? change(body) : body),
      fail,
    );
  });
}
