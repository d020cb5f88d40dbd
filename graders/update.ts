import { z } from 'zod';
import type { Service } from '../server/grading/engine-objects.ts';
import { durationSchema, formatDuration } from '../server/labs/duration.ts';
import { type Aspect, combine, compare, missing } from './aspect.ts';
import { imageName, text } from './fields.ts';
import { defineGrader } from './grader.ts';

const NANOSECONDS_PER_MILLISECOND = 1e6;
const STATES = [
  'updating',
  'paused',
  'completed',
  'rollback_started',
  'rollback_paused',
  'rollback_completed',
] as const;
/** States that an update leaves by itself. */
const PASSING: ReadonlySet<string> = new Set(['updating', 'rollback_started']);

const configFields = {
  parallelism: z.number().int().nonnegative().optional(),
  delay: durationSchema.optional(),
  monitor: durationSchema.optional(),
  order: z.enum(['stop-first', 'start-first']).optional(),
  'on-failure': z.enum(['pause', 'continue', 'rollback']).optional(),
  'max-failure-ratio': z.number().min(0).max(1).optional(),
};
const rollbackSchema = z.strictObject({ ...configFields, 'on-failure': z.enum(['pause', 'continue']).optional() });

/** How a service is updated, and how its last update went. */
export const update = defineGrader({
  name: 'update',
  summary: 'How a service is updated (and rolled back), and how its last update went.',
  example: '- update: web\n  state: rollback_completed\n  parallelism: 2\n  delay: 5s',
  cost: 'state',
  fields: {
    update: text().describe('The exact name of the service.'),
    state: z.enum(STATES).optional().describe('How the last update or rollback ended.'),
    ...configFields,
    rollback: rollbackSchema.optional().describe('The same for rolling back.'),
    'previous-image': text().optional().describe('The image to which a rollback would go back.'),
  },
  observe: (spec, view) => view.service(spec.update),
  explain(spec, service) {
    const subject = `update of ${spec.update}`;
    if (service === undefined) return missing(`service ${spec.update}`, '`docker service ls` lists what there is.');
    const aspects: Aspect[] = [
      ...judgeConfig('', spec, service.Spec.UpdateConfig),
      ...(spec.rollback ? judgeConfig('rollback ', spec.rollback, service.Spec.RollbackConfig) : []),
    ];
    if (spec['previous-image'] !== undefined) {
      const image = service.PreviousSpec?.TaskTemplate.ContainerSpec?.Image;
      aspects.push(
        compare(
          image !== undefined && imageName(image) === imageName(spec['previous-image']),
          `previous image ${imageName(spec['previous-image'])}`,
          image === undefined ? 'no previous version' : `previous image ${imageName(image)}`,
        ),
      );
    }
    if (spec.state !== undefined) aspects.push(judgeState(spec.state, service));
    if (aspects.length === 0) aspects.push(compare(true, 'to be there', 'there'));
    return combine(subject, aspects, { next: `Look at \`docker service inspect --pretty ${spec.update}\`.` });
  },
});

function judgeState(wanted: string, service: Service): Aspect {
  const status = service.UpdateStatus;
  const found = status?.State ?? 'never updated';
  return {
    outcome: found === wanted ? 'pass' : PASSING.has(found) ? 'not-yet' : 'wrong',
    expected: wanted,
    observed: found,
    ...(status?.Message ? { because: status.Message } : {}),
  };
}

/** What a service does not say is Swarm's default. */
function judgeConfig(
  what: string,
  wanted: z.output<z.ZodObject<typeof configFields>>,
  found: Service['Spec']['UpdateConfig'],
): Aspect[] {
  const aspects: Aspect[] = [];
  const equal = (name: string, expected: string | number | undefined, value: string | number) => {
    if (expected !== undefined)
      aspects.push(compare(expected === value, `${what}${name} ${expected}`, `${what}${name} ${value}`));
  };
  const period = (name: string, milliseconds: number | undefined, nanoseconds: number) =>
    equal(
      name,
      milliseconds === undefined ? undefined : formatDuration(milliseconds),
      formatDuration(nanoseconds / NANOSECONDS_PER_MILLISECOND),
    );
  equal('parallelism', wanted.parallelism, found?.Parallelism ?? 1);
  period('delay', wanted.delay, found?.Delay ?? 0);
  period('monitor', wanted.monitor, found?.Monitor || 5000 * NANOSECONDS_PER_MILLISECOND);
  equal('order', wanted.order, found?.Order || 'stop-first');
  equal('on failure', wanted['on-failure'], found?.FailureAction || 'pause');
  equal('max failure ratio', wanted['max-failure-ratio'], found?.MaxFailureRatio ?? 0);
  return aspects;
}
