import { DOMAINS, type LabExam } from '../front-matter.ts';
import type { LabStep } from '../lab.ts';
import type { ParseContext } from '../parse-context.ts';
import { kindOf } from './draw-exam.ts';
import { quotasOf } from './quotas.ts';

/** An exam must have enough questions of each kind in each domain, and each must have options. */
export function checkPool(exam: LabExam, steps: readonly LabStep[], context: ParseContext): void {
  const pool = steps.flatMap((step) =>
    step.blocks.flatMap((block) =>
      block.kind === 'quiz' ? block.items.map((item) => ({ item, step, position: block.position })) : [],
    ),
  );
  for (const { item, position } of pool)
    if (item.options === undefined)
      context.problems.error(
        'exam',
        position,
        `the question \`${item.id}\` has no options`,
        '`options`, as in the exam',
      );
  const quotas = quotasOf(exam);
  for (const domain of DOMAINS)
    for (const kind of ['choice', 'domc'] as const) {
      const there = pool.filter(({ item, step }) => (item.domain ?? step.domain) === domain && kindOf(item) === kind);
      if (there.length < quotas[domain][kind])
        context.problems.error(
          'exam',
          { line: 1, column: 1 },
          `the pool has ${there.length} ${kind} questions on ${domain}`,
          `at least ${quotas[domain][kind]}`,
        );
    }
}
