import { z } from 'zod';
import { Unobservable } from '../server/grading/verdict.ts';
import { durationSchema } from '../server/labs/duration.ts';
import { type Aspect, combine } from './aspect.ts';
import { text } from './fields.ts';
import { defineGrader } from './grader.ts';

const DEFAULT_LIMIT = 10_000;
/** EX_TEMPFAIL of sysexits.h: it may yet become so. */
const NOT_YET = 75;

/** A check of the author's own. */
export const script = defineGrader({
  name: 'script',
  summary:
    "A check of the author's own: a Bash script run on a node. It passes with exit code 0; 75 means not yet; anything else is wrong. The last line that it writes is told to the student.",
  example: '- script: |\n    test -f ~/stack.yml || { echo "there is no stack.yml"; exit 1; }\n  on: master',
  cost: 'probe',
  fields: {
    script: text(),
    on: text().optional().describe('The node; the first one when left out.'),
    user: z.enum(['student', 'root']).default('student'),
    limit: durationSchema.optional().describe('How long it may take; 10s when left out.'),
  },
  async observe(spec, view) {
    const { exec } = view.cluster;
    if (exec === undefined) throw new Unobservable('nothing can be run on the nodes of this cluster');
    const on = view.node(spec.on ?? view.cluster.nodes[0]?.name ?? '').name;
    const limit = spec.limit ?? DEFAULT_LIMIT;
    return { on, ...(await exec(on, { argv: ['bash', '-c', spec.script], user: spec.user, limit })) };
  },
  explain(_spec, { on, exitCode, stdout, stderr, ended }) {
    const lines = `${stderr}\n${stdout}`.split('\n').filter((line) => line.trim() !== '');
    const observed = ended === undefined ? `exit code ${exitCode}` : 'it took too long';
    const said = lines.at(-1)?.trim();
    const aspects: Aspect[] = [
      {
        outcome: exitCode === 0 ? 'pass' : exitCode === NOT_YET ? 'not-yet' : 'wrong',
        expected: 'exit code 0',
        observed,
        ...(said === undefined ? {} : { because: said }),
      },
    ];
    return combine(`script on ${on}`, aspects, { next: `Set right on ${on} what it says, and check again.` });
  },
});
