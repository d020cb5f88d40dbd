import { z } from 'zod';
import type { ControlApi } from '../../orchestrator/api/control-api.ts';

const seenTask = z.object({ ID: z.string(), Slot: z.number().optional(), NodeID: z.string(), CreatedAt: z.string() });

/**
 * The ID of the newest task that goes by this name: `web.3` by its slot, `agent.NODE` for a global service's, of which NODE is the ID
 * or the host name. Anything else is given back as it is.
 */
export function resolveTask(control: ControlApi, name: string): string {
  const [, service, place] = /^([A-Za-z0-9][\w-]*)\.([^.]+(?:\.[^.]+)*)$/.exec(name) ?? [];
  if (service === undefined || place === undefined) return name;
  const nodeId = control.nodes
    .list()
    .map((node) => z.object({ ID: z.string(), Description: z.object({ Hostname: z.string() }) }).parse(node))
    .find((node) => node.Description.Hostname === place)?.ID;
  const tasks = z.array(seenTask).parse(control.tasks.list({ filters: JSON.stringify({ service: [service] }) }));
  const those = tasks.filter((task) => String(task.Slot) === place || task.NodeID === (nodeId ?? place));
  return those.sort((a, b) => (a.CreatedAt < b.CreatedAt ? 1 : -1))[0]?.ID ?? name;
}
