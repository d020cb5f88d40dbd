import { z } from 'zod';
import { ControlError } from '../../orchestrator/api/control-error.ts';
import type { SwarmMachine } from '../../orchestrator/membership/swarm-machine.ts';
import { jsonBody, parameter, type Route } from './call.ts';

const attachment = z.strictObject({
  target: z.string().min(1),
  containerId: z.string().min(1),
  address: z.ipv4().optional(),
  names: z.array(z.string()),
});

/**
 * What a node's gateway asks about the machine it stands on: the swarm's part of /_ping and /info, which it puts into the engine's
 * answers, and addresses for plain containers, which no client of a daemon asks for.
 */
export const machineRoutes: Route[] = [
  {
    method: 'GET',
    pattern: '/_ping',
    answer: ({ machine, res }) => {
      res.setHeader('swarm', swarmHeader(machine));
      return { status: 200 };
    },
  },
  { method: 'GET', pattern: '/info', answer: ({ machine }) => ({ status: 200, body: { Swarm: machine.info() } }) },
  {
    method: 'POST',
    pattern: '/attachments',
    answer: async (call) => {
      const request = attachment.safeParse(await jsonBody(call));
      if (!request.success) throw new ControlError(400, `invalid attachment: ${request.error.message}`);
      const { target, containerId, address, names } = request.data;
      const options = address === undefined ? { names } : { names, address };
      return { status: 201, body: await call.machine.attachNetwork(target, containerId, options) };
    },
  },
  {
    method: 'DELETE',
    pattern: '/attachments/{target}/{container}',
    answer: async (call) => {
      await call.machine.detachNetwork(parameter(call, 'target'), parameter(call, 'container'));
      return { status: 204 };
    },
  },
];

/** What /_ping says of the swarm: `active/manager`, `active/worker`, or the state when there is nothing more to say. */
function swarmHeader(machine: SwarmMachine): string {
  const state = machine.state();
  return state === 'active' ? `active/${machine.role() ?? 'worker'}` : state;
}
