import { z } from 'zod';
import type { Service } from '../../server/grading/engine-objects.ts';
import { durationSchema, formatDuration } from '../../server/labs/duration.ts';
import { type Aspect, compare } from '../aspect.ts';
import { count, describeCount, matchesCount } from '../fields.ts';

const NANO = 1e9;
const MILLISECOND_IN_NANOSECONDS = 1e6;
const SIZE_UNITS: Record<string, number> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

/** Bytes of `64M`, `1g` or `4194304`, as docker reads them. */
const sizeSchema = z
  .union([z.number(), z.string().regex(/^\d+[kmgKMG]?[bB]?$/, 'expected a size such as 64M')])
  .transform((size) => {
    const [, amount, unit = ''] = /^(\d+)([kmg]?)/i.exec(String(size)) ?? [];
    return Number(amount) * (SIZE_UNITS[unit.toLowerCase()] ?? 1);
  });

export const resourcesField = z.strictObject({
  memory: sizeSchema.optional().describe('Such as `64M`.'),
  cpus: z.number().positive().optional(),
});
export type ResourcesCheck = z.output<typeof resourcesField>;

export const restartField = z.strictObject({
  condition: z.enum(['any', 'on-failure', 'none']).optional(),
  delay: durationSchema.optional(),
  'max-attempts': count().optional(),
  window: durationSchema.optional(),
});
export type RestartCheck = z.output<typeof restartField>;

type Amounts = { NanoCPUs?: number | undefined; MemoryBytes?: number | undefined } | null | undefined;

const describeBytes = (bytes: number | undefined) => (bytes === undefined ? 'none' : `${bytes / 1024 ** 2} MiB`);

/** Judges what a service reserves or is limited to; `what` is the word for it. */
export function judgeResources(what: 'limit' | 'reservation', wanted: ResourcesCheck, found: Amounts): Aspect[] {
  const aspects: Aspect[] = [];
  if (wanted.memory !== undefined)
    aspects.push(
      compare(
        found?.MemoryBytes === wanted.memory,
        `memory ${what} ${describeBytes(wanted.memory)}`,
        `memory ${what} ${describeBytes(found?.MemoryBytes)}`,
      ),
    );
  if (wanted.cpus !== undefined) {
    const cpus = found?.NanoCPUs === undefined ? undefined : found.NanoCPUs / NANO;
    aspects.push(compare(cpus === wanted.cpus, `CPU ${what} ${wanted.cpus}`, `CPU ${what} ${cpus ?? 'none'}`));
  }
  return aspects;
}

/** Judges a service's restart policy; what a service does not say is Swarm's default (any, 5 s, no end). */
export function judgeRestart(wanted: RestartCheck, service: Service): Aspect[] {
  const policy = service.Spec.TaskTemplate.RestartPolicy;
  const aspects: Aspect[] = [];
  const durations = [
    ['delay', wanted.delay, policy?.Delay ?? 5000 * MILLISECOND_IN_NANOSECONDS],
    ['window', wanted.window, policy?.Window ?? 0],
  ] as const;
  if (wanted.condition !== undefined) {
    const condition = policy?.Condition ?? 'any';
    aspects.push(
      compare(
        condition === wanted.condition,
        `restart condition ${wanted.condition}`,
        `restart condition ${condition}`,
      ),
    );
  }
  for (const [name, milliseconds, found] of durations)
    if (milliseconds !== undefined)
      aspects.push(
        compare(
          found === milliseconds * MILLISECOND_IN_NANOSECONDS,
          `restart ${name} ${formatDuration(milliseconds)}`,
          `restart ${name} ${formatDuration(found / MILLISECOND_IN_NANOSECONDS)}`,
        ),
      );
  if (wanted['max-attempts'] !== undefined) {
    const attempts = policy?.MaxAttempts ?? 0;
    aspects.push(
      compare(
        matchesCount(wanted['max-attempts'], attempts),
        `at most ${describeCount(wanted['max-attempts'])} restarts`,
        attempts === 0 ? 'restarts without end' : `at most ${attempts} restarts`,
      ),
    );
  }
  return aspects;
}
