import { z } from 'zod';
import { type Clock, sleep } from '../../clock/clock.ts';
import type { SwarmMachine } from '../../orchestrator/membership/swarm-machine.ts';

/** How often the docker client looks, in milliseconds (cli/command/service/progress, 26.1). */
const LOOK_EVERY = 200;
/** How long it watches a service that has converged, unless the service's own update monitor says otherwise. */
const WATCHES = 5_000;
/** States of an update from which it does not go on by itself. */
const OVER = ['paused', 'completed', 'rollback_paused', 'rollback_completed'];

/** The filters of the client's own look, which nobody writes by hand. */
const progressFilters = z.object({
  '_up-to-date': z.record(z.string(), z.boolean()),
  service: z.record(z.string(), z.boolean()),
});

const serviceShape = z.object({
  Spec: z.object({
    Mode: z.object({
      Replicated: z.object({ Replicas: z.number() }).optional(),
      Global: z.unknown().optional(),
      ReplicatedJob: z.object({ TotalCompletions: z.number().optional() }).optional(),
      GlobalJob: z.unknown().optional(),
    }),
    UpdateConfig: z.object({ Monitor: z.number().optional() }).optional(),
  }),
  UpdateStatus: z.object({ State: z.string() }).optional(),
});
const taskShape = z.object({
  Slot: z.number().optional(),
  NodeID: z.string().optional(),
  DesiredState: z.string(),
  Status: z.object({ State: z.string() }),
});
const nodeShape = z.object({ ID: z.string(), Status: z.object({ State: z.string() }) });

type Service = z.infer<typeof serviceShape>;
type Task = z.infer<typeof taskShape>;

/**
 * Resolves when a docker client that watches a service's tasks would stop doing so: they are as wanted and have stayed so, the update is over,
 * the service or the manager is gone, or the client. At once for filters that are not a watching client's.
 */
export async function awaitConvergence(
  clock: Clock,
  machine: SwarmMachine,
  filters: string | null,
  signal: AbortSignal,
): Promise<void> {
  const watched = watchedService(filters);
  if (watched === undefined) return;
  let since: number | undefined;
  while (!signal.aborted) {
    const seen = look(machine, watched);
    if (seen === undefined || seen.over) return;
    if (!seen.converged) since = undefined;
    else {
      since ??= clock.now();
      if (clock.now() - since >= seen.watches) return;
    }
    await sleep(clock, LOOK_EVERY);
  }
}

function watchedService(filters: string | null): { id: string; filters: string } | undefined {
  if (filters === null || !filters.includes('_up-to-date')) return undefined;
  const parsed = progressFilters.safeParse(JSON.parse(filters));
  const [id] = parsed.success ? Object.keys(parsed.data.service) : [];
  return id === undefined ? undefined : { id, filters };
}

/** What the client would see; undefined where its question would be answered with an error. */
function look(
  machine: SwarmMachine,
  watched: { id: string; filters: string },
): { converged: boolean; over: boolean; watches: number } | undefined {
  try {
    const control = machine.control();
    const service = serviceShape.parse(control.services.get(watched.id));
    const tasks = z.array(taskShape).parse(control.tasks.list({ filters: watched.filters }));
    const down = new Set(
      z
        .array(nodeShape)
        .parse(control.nodes.list())
        .filter(({ Status }) => Status.State === 'down')
        .map(({ ID }) => ID),
    );
    const monitor = service.Spec.UpdateConfig?.Monitor ?? 0;
    return {
      converged: isConverged(
        service,
        tasks.filter((task) => task.NodeID === undefined || !down.has(task.NodeID)),
      ),
      over: OVER.includes(service.UpdateStatus?.State ?? ''),
      watches: monitor === 0 ? WATCHES : monitor / 1e6,
    };
  } catch {
    return undefined;
  }
}

function isConverged({ Spec: { Mode } }: Service, tasks: readonly Task[]): boolean {
  const wanted = tasks.filter((task) => task.DesiredState === 'running');
  const running = wanted.filter((task) => task.Status.State === 'running');
  const complete = tasks.filter((task) => task.Status.State === 'complete');
  const slots = (some: readonly Task[]) => new Set(some.map((task) => task.Slot)).size;
  if (Mode.Replicated !== undefined) return slots(running) === Mode.Replicated.Replicas;
  if (Mode.ReplicatedJob !== undefined) return slots(complete) >= (Mode.ReplicatedJob.TotalCompletions ?? 1);
  if (Mode.GlobalJob !== undefined) return tasks.length > 0 && complete.length === tasks.length;
  return wanted.length > 0 && running.length === wanted.length;
}
