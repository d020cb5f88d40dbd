import { forward } from '../forward.ts';
import type { Presenter } from './presenter.ts';

/** Whatever belongs to the swarm alone: the orchestrator answers. */
export const presentSwarmPart: Presenter = (exchange, outgoing, { swarm }) => forward(exchange, swarm, outgoing);

/** Whatever belongs to the engine alone. */
export const presentEnginePart: Presenter = (exchange, outgoing, { engine }) => forward(exchange, engine, outgoing);
