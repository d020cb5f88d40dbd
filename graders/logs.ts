import { z } from 'zod';
import type { LogLine } from '../server/grading/log-stream.ts';
import { findInAll } from '../server/labs/pattern.ts';
import { type Aspect, combine, missing } from './aspect.ts';
import { count, describeCount, matchesCount, pattern, plural, text } from './fields.ts';
import { defineGrader } from './grader.ts';
import { refuseWithoutMesh } from './mesh/routing-mesh.ts';
import { runningTasks } from './running.ts';

/** Lines of each task that are read. */
const TAIL = 200;

/** What a service's tasks wrote. */
export const logs = defineGrader({
  name: 'logs',
  summary: `What a service's tasks wrote: lines with a text, from each task if wanted. The last ${TAIL} lines of each task are looked at, in no order.`,
  example: '- logs: pinger\n  matches: "seq=\\\\d+"\n  each: true',
  cost: 'state',
  fields: {
    logs: text().describe('The exact name of the service.'),
    contains: text().optional().describe('Text in the line.'),
    matches: pattern().optional().describe('A regular expression that the line matches.'),
    lines: count().default({ min: 1 }).describe('How many such lines there are; at least one when left out.'),
    stream: z.enum(['stdout', 'stderr']).optional(),
    each: z.literal(true).optional().describe('Every running task wrote that many.'),
    distinct: count()
      .optional()
      .describe(
        'How many different texts the first group of `matches` comes to in those lines: addresses, for example.',
      ),
    through: z
      .number()
      .int()
      .optional()
      .describe(
        "The lines come of connections to this published port; a mesh that cannot work there is nobody's fault.",
      ),
  },
  async observe(spec, view) {
    const service = await view.service(spec.logs);
    if (service === undefined) return undefined;
    if (spec.through !== undefined) await refuseWithoutMesh(view, view.cluster.nodes[0]?.name ?? '', spec.through);
    const [lines, tasks, nodes] = await Promise.all([
      view.serviceLogs(service, TAIL),
      view.tasksOf(service),
      view.nodes(),
    ]);
    return { lines, running: runningTasks({ tasks, nodes }).map((task) => task.ID) };
  },
  explain(spec, seen) {
    const subject = `logs of ${spec.logs}`;
    if (seen === undefined) return missing(`service ${spec.logs}`, '`docker service ls` lists what there is.');
    const likely = seen.lines.filter(
      (line) =>
        (spec.contains === undefined || line.text.includes(spec.contains)) &&
        (spec.stream === undefined || line.stream === spec.stream),
    );
    const { found, texts } = matching(likely, spec.matches);
    const what =
      spec.contains === undefined
        ? spec.matches === undefined
          ? 'lines'
          : `lines matching ${spec.matches}`
        : `lines with "${spec.contains}"`;
    const next = `Look at \`docker service logs ${spec.logs}\`.`;
    if (spec.distinct !== undefined) {
      const aspect: Aspect = {
        outcome: matchesCount(spec.distinct, texts.size) && matchesCount(spec.lines, found.length) ? 'pass' : 'not-yet',
        expected: `${describeCount(spec.distinct)} different ${what}`,
        observed: `${texts.size} different in ${plural(found.length, 'such line')}`,
      };
      return combine(subject, [aspect], { next });
    }
    if (!spec.each) {
      const aspect: Aspect = {
        outcome: matchesCount(spec.lines, found.length) ? 'pass' : 'not-yet',
        expected: `${describeCount(spec.lines)} ${what}`,
        observed: `${found.length} of ${plural(seen.lines.length, 'line')}`,
      };
      return combine(subject, [aspect], { next });
    }
    const silent = seen.running.filter(
      (task) => !matchesCount(spec.lines, found.filter((line) => line.task === task).length),
    );
    return combine(
      subject,
      [
        {
          outcome: silent.length === 0 && seen.running.length > 0 ? 'pass' : 'not-yet',
          expected: `${describeCount(spec.lines)} ${what} from each task`,
          observed: `so from ${seen.running.length - silent.length} of ${plural(seen.running.length, 'running task')}`,
        },
      ],
      { next },
    );
  },
});

/** The lines that match, and what the pattern found in them. */
function matching(lines: readonly LogLine[], pattern = ''): { found: LogLine[]; texts: Set<string> } {
  const finds = findInAll(
    pattern,
    lines.map((line) => line.text),
  );
  return {
    found: lines.filter((_, index) => finds[index] !== null),
    texts: new Set(finds.filter((text) => text !== null)),
  };
}
