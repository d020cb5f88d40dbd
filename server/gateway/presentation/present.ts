import { checkVersion } from '../swarm-api/api-version.ts';
import { presentContainer, presentContainerCreate, presentContainerList, presentContainerStart } from './containers.ts';
import { presentEvents } from './events.ts';
import { presentLeave } from './leave.ts';
import { presentNetworks } from './networks.ts';
import type { Presenter } from './presenter.ts';
import { presentEnginePart, presentSwarmPart } from './swarm-part.ts';
import { presentInfo, presentPing } from './swarm-state.ts';

/** Who answers what, the first that fits. */
const PRESENTERS: readonly [method: string, path: RegExp, Presenter][] = [
  ['POST', /^\/swarm\/leave$/, presentLeave],
  ['*', /^\/(?:services|tasks|nodes|swarm|secrets|configs)(?:\/|$)/, presentSwarmPart],
  ['*', /^\/networks(?:\/|$)/, presentNetworks],
  ['GET', /^\/_ping$/, presentPing],
  ['HEAD', /^\/_ping$/, presentPing],
  ['GET', /^\/info$/, presentInfo],
  ['GET', /^\/events$/, presentEvents],
  ['GET', /^\/containers\/json$/, presentContainerList],
  ['GET', /^\/containers\/[^/]+\/json$/, presentContainer],
  ['POST', /^\/containers\/create$/, presentContainerCreate],
  ['POST', /^\/containers\/[^/]+\/(?:start|restart)$/, presentContainerStart],
];

/** Answers a request where a swarm of ours stands in front of an engine that knows nothing of it. */
export const present: Presenter = (exchange, outgoing, surroundings) => {
  const { method, path, version } = outgoing.target;
  checkVersion(version);
  const found = PRESENTERS.find(([verb, pattern]) => (verb === '*' || verb === method) && pattern.test(path));
  const [, , presenter] = found ?? ['', '', presentEnginePart];
  return presenter(exchange, outgoing, surroundings);
};
