import { z } from 'zod';
import { type Clock, sleep } from '../../clock/clock.ts';
import type { JsonApi } from './json-api.ts';
import type { LocalOverlays } from './local-overlays.ts';
import { TASK_LABEL, TASK_NAME_LABEL } from './network-labels.ts';

/** How long a node that leaves is waited for, and how often it is looked at, in milliseconds. */
const LONGEST = 15_000;
const POLL = 50;

const listed = z.array(z.looseObject({ Names: z.array(z.string()), Labels: z.record(z.string(), z.string()) }));

/** Labels may come from an image; a task's container is also called what they say. */
function isTask({ Names, Labels }: z.infer<typeof listed>[number]): boolean {
  return Names.includes(`/${Labels[TASK_NAME_LABEL]}`);
}

/** Resolves when neither tasks' containers nor overlays are on the node any more, or when that takes too long. */
export async function awaitLeft(parts: { engine: JsonApi; overlays: LocalOverlays; clock: Clock }): Promise<void> {
  const { engine, overlays, clock } = parts;
  const filters = JSON.stringify({ label: [TASK_LABEL] });
  const path = `/containers/json?${new URLSearchParams({ all: 'true', filters })}`;
  for (const end = clock.now() + LONGEST; clock.now() < end; await sleep(clock, POLL)) {
    const { body } = await engine({ method: 'GET', path });
    if (overlays.list().length === 0 && !listed.parse(body).some(isTask)) return;
  }
}
