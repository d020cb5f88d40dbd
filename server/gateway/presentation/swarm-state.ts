import { z } from 'zod';
import type { Clock } from '../../clock/clock.ts';
import { answerJson } from '../exchange.ts';
import { forward } from '../forward.ts';
import type { JsonApi } from '../networks/json-api.ts';
import { succeeded } from '../networks/json-api.ts';
import type { HttpUpstream } from '../upstream/http-upstream.ts';
import type { Presenter } from './presenter.ts';

/** Every command begins with a ping; it must not wait longer than this (ms) for an orchestrator that hangs. */
const LONGEST_PING = 3000;

/** /_ping: the engine's, with the header that says what this node is in the swarm. */
export const presentPing: Presenter = async (exchange, outgoing, { engine, swarm, clock }) => {
  const state = await swarmHeader(swarm, clock);
  forward(exchange, engine, outgoing, (headers) => {
    headers.swarm = state;
  });
};

/** `active/manager` and the like; `error` while nobody can say. */
function swarmHeader(swarm: HttpUpstream, clock: Clock): Promise<string> {
  return new Promise((resolve) => {
    const limit = clock.after(LONGEST_PING, () => ping.destroy(new Error('no answer in time')));
    const ping = swarm.request({ method: 'GET', path: '/_ping', headers: {} });
    ping.on('error', () => resolve('error'));
    ping.on('close', () => limit.dispose());
    ping.on('response', (answer) => {
      answer.resume();
      const { swarm: header } = answer.headers;
      resolve(typeof header === 'string' ? header : 'error');
    });
    ping.end();
  });
}

/** /info: the engine's, its own Swarm section replaced by that of the swarm it stands in for. */
export const presentInfo: Presenter = async (exchange, outgoing, { engine, engineApi, swarmApi, networks }) => {
  const [info, swarm] = await Promise.all([engineApi({ method: 'GET', path: '/info' }), swarmSection(swarmApi)]);
  if (!succeeded(info) || typeof info.body !== 'object') {
    forward(exchange, engine, outgoing);
    return;
  }
  const shown = networks?.info(info.body as Record<string, unknown>) ?? info.body;
  const warnings = [...((shown as EngineInfo).Warnings ?? []), ...(swarm.Warnings ?? [])];
  answerJson(exchange.res, 200, { ...shown, Swarm: swarm, Warnings: warnings.length === 0 ? null : warnings });
};

interface EngineInfo {
  Warnings?: string[] | null;
}

const swarmInfo = z.object({ Swarm: z.looseObject({ Warnings: z.array(z.string()).optional() }) });

async function swarmSection(swarmApi: JsonApi): Promise<z.infer<typeof swarmInfo>['Swarm']> {
  try {
    return swarmInfo.parse((await swarmApi({ method: 'GET', path: '/info' })).body).Swarm;
  } catch (error) {
    return {
      NodeID: '',
      NodeAddr: '',
      LocalNodeState: 'error',
      ControlAvailable: false,
      Error: `the orchestrator does not answer: ${error instanceof Error ? error.message : String(error)}`,
      RemoteManagers: null,
    };
  }
}
