import { z } from 'zod';
import { ControlError } from '../../orchestrator/api/control-error.ts';
import { type JsonApi, succeeded } from './json-api.ts';
import { refusalOf } from './network-directory.ts';
import { TASK_LABEL } from './network-labels.ts';

const endpoint = z.looseObject({
  NetworkID: z.string(),
  Aliases: z.array(z.string()).nullish(),
  IPAMConfig: z.looseObject({ IPv4Address: z.string().optional() }).nullish(),
});

const details = z.looseObject({
  Id: z.string(),
  Name: z.string(),
  State: z.looseObject({ Running: z.boolean(), Restarting: z.boolean() }),
  HostConfig: z.looseObject({ AutoRemove: z.boolean().optional() }).optional(),
  Config: z.looseObject({ Labels: z.record(z.string(), z.string()).nullish() }),
  NetworkSettings: z.looseObject({ Networks: z.record(z.string(), endpoint).nullish() }),
});

/** What of a container matters for its networks. */
export interface ContainerDetails {
  id: string;
  /** Without the slash. */
  name: string;
  running: boolean;
  /** It has stopped, and the engine is about to start it again. */
  restarting: boolean;
  /** Made with `--rm`. */
  autoRemove: boolean;
  /** Its networks are the orchestrator's affair. */
  isTask: boolean;
  /** By the engine's name of the network. */
  networks: Record<string, z.infer<typeof endpoint>>;
}

/** Asks the engine for a container by name or ID. Throws the engine's refusal: 404 when there is none, 400 when none is named. */
export async function containerDetails(engine: JsonApi, container: string): Promise<ContainerDetails> {
  if (container === '') throw new ControlError(400, 'invalid name or ID supplied: ""');
  const answer = await engine({ method: 'GET', path: `/containers/${encodeURIComponent(container)}/json` });
  if (!succeeded(answer)) throw refusalOf(answer.status, answer.body);
  const { Id, Name, State, HostConfig, Config, NetworkSettings } = details.parse(answer.body);
  return {
    id: Id,
    name: Name.replace(/^\//, ''),
    running: State.Running,
    restarting: State.Restarting,
    autoRemove: HostConfig?.AutoRemove === true,
    isTask: Config.Labels?.[TASK_LABEL] !== undefined,
    networks: NetworkSettings.Networks ?? {},
  };
}
