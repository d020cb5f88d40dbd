import type { CheckSource, Lab, LabStep } from '../lab.ts';
import { isRemoval } from '../removal.ts';
import { holdsOnFresh } from './fresh-cluster.ts';
import type { Smell } from './smell.ts';

function eachCheck(lab: Lab, visit: (check: CheckSource, step: LabStep, index: number) => void): void {
  for (const [index, step] of lab.steps.entries())
    for (const block of step.blocks)
      if (block.kind === 'checks') for (const check of block.checks) visit(check, step, index);
}

const scriptOf = (check: CheckSource) => (check.grader === 'script' ? String(check.value.script) : '');

export const sleeps: Smell = {
  rule: 'sleep',
  about: 'a script check that sleeps instead of saying "not yet"',
  find(lab, tell) {
    eachCheck(lab, (check) => {
      if (/\bsleep\s+[\d.$]/.test(scriptOf(check)))
        tell(
          check.position,
          'the check sleeps',
          'exit code 75 for "not yet": it is looked at again until `within` is over',
        );
    });
  },
};

export const grepsTables: Smell = {
  rule: 'table',
  about: 'a script check that searches what docker prints for people, where `5/5` is also found in `15/50`',
  find(lab, tell) {
    eachCheck(lab, (check) => {
      if (/docker\s[^|\n]*\b(ls|ps)\b[^|\n]*\|\s*(grep|awk|sed)/.test(scriptOf(check)))
        tell(
          check.position,
          'the check searches a table that docker prints for people',
          'a `service`, `tasks` or `node` check',
        );
    });
  },
};

export const unanchored: Smell = {
  rule: 'unanchored',
  about: 'a name or pattern that also fits other names',
  find(lab, tell) {
    eachCheck(lab, (check) => {
      const { container } = check.value;
      if (check.grader === 'container' && typeof container === 'string' && /^\*|[^.]\*$/.test(container))
        tell(check.position, `\`${container}\` fits other containers, too`, 'the whole name; of a task `NAME.*`');
      if (/\bgrep\s+(?!-[a-zA-Z]*[xw])(-\w+\s+)*['"]?[\w-]+['"]?\s*($|[|;&>\n])/.test(scriptOf(check)))
        tell(check.position, 'the check searches for a name that is part of other names', '`grep -x` or `grep -w`');
    });
  },
};

export const freshPass: Smell = {
  rule: 'fresh-pass',
  about:
    'a check that passes on a fresh cluster: what has to be gone was never made, or what has to be so was so from the beginning',
  find(lab, tell) {
    eachCheck(lab, (check, step, index) => {
      const before = [...lab.steps.slice(0, index), step].flatMap(scriptsOf);
      const isNamed = (names: readonly string[]) =>
        before.some((script) => names.some((name) => script.includes(name)));
      const fresh = holdsOnFresh(check, lab);
      if (fresh !== undefined && !isNamed([fresh.about, ...(CHANGERS[check.grader] ?? [])]))
        tell(check.position, `${fresh.why}, so this passes on a fresh cluster`, '`already: true` if that is meant');
      if (!isRemoval(check)) return;
      const name = String(check.value[check.grader] ?? '').replace(/[.*]+$/, '');
      if (!/^[A-Za-z][\w-]*$/.test(name) || ['node', 'http', 'dns'].includes(check.grader)) return;
      // A stack's services and networks are called STACK_NAME, but NAME in its file.
      if (!isNamed([name, name.slice(name.indexOf('_') + 1)]))
        tell(check.position, `nothing ever makes \`${name}\`, so this passes on a fresh cluster`);
    });
  },
};

/** Commands that change what a check is about without naming it. */
const CHANGERS: Readonly<Record<string, readonly string[]>> = {
  swarm: ['docker node', 'stop', 'disconnect'],
  node: ['$(docker node ls'],
};

/** Everything that a step's solution and faults do, as text. */
function scriptsOf({ blocks }: LabStep): string[] {
  return blocks.map((block) => {
    if (block.kind === 'shell') return block.role === 'wrong' ? '' : block.script;
    return block.kind === 'fault' ? JSON.stringify(block.faults) : '';
  });
}
