import { blocksOf, checksOf, type LabStep } from '../lab.ts';
import type { Smell } from './smell.ts';

/** Checks of a step that look at the cluster, in any variant. */
const observed = (step: LabStep) =>
  step.blocks
    .flatMap((block) => (block.kind === 'checks' ? block.checks : []))
    .filter((check) => check.grader !== 'quiz');
const shells = (step: LabStep, ...roles: string[]) =>
  step.blocks.filter((block) => block.kind === 'shell' && roles.includes(block.role));

export const noChecks: Smell = {
  rule: 'no-checks',
  about: 'a step that asks for something and checks nothing',
  find(lab, tell) {
    for (const step of lab.steps)
      if (shells(step, 'run', 'solution').length > 0 && checksOf(step, undefined).length === 0)
        tell(step.position, `nothing checks the step \`${step.id}\``, 'a `yaml check` block');
  },
};

export const noHint: Smell = {
  rule: 'no-hint',
  about: 'a step with checks and no hint (an exam gives none)',
  find(lab, tell) {
    if (lab.exam !== undefined) return;
    for (const step of lab.steps)
      if (checksOf(step, undefined).length > 0 && blocksOf(step, 'hint', undefined).length === 0)
        tell(step.position, `the step \`${step.id}\` has no hint`, 'an `md hint` block');
  },
};

export const noWrong: Smell = {
  rule: 'no-wrong',
  about: 'a step whose checks are tried against no wrong solution',
  find(lab, tell) {
    for (const step of lab.steps) {
      const changing = observed(step).some((check) => check.grader !== 'request' && check.value.already === undefined);
      if (changing && shells(step, 'wrong').length === 0)
        tell(
          step.position,
          `the step \`${step.id}\` has no wrong solution that its checks must refuse`,
          'an `sh wrong=NODE because="..."` block',
        );
    }
  },
};

export const unreachable: Smell = {
  rule: 'unreachable',
  about: 'a step that the solution does nothing for, so that nobody gets past it',
  find(lab, tell) {
    for (const step of lab.steps)
      if (
        observed(step).some((check) => check.value.already === undefined) &&
        shells(step, 'run', 'solution').length === 0
      )
        tell(
          step.position,
          `no solution leads through the step \`${step.id}\``,
          'an `sh run=NODE` or `sh solution=NODE` block',
        );
  },
};

export const lateFault: Smell = {
  rule: 'late-fault',
  about: 'a fault written behind commands, although faults happen when the step begins',
  find(lab, tell) {
    for (const step of lab.steps) {
      const first = step.blocks.findIndex((block) => block.kind === 'shell' && block.role !== 'wrong');
      for (const [index, block] of step.blocks.entries())
        if (block.kind === 'fault' && first >= 0 && first < index)
          tell(block.position, 'a fault happens when the step begins, before its commands', 'the fault above them');
    }
  },
};

export const unusedVariable: Smell = {
  rule: 'unused-variable',
  about: 'a variable that nothing uses',
  find(lab, tell) {
    const text = JSON.stringify([lab.introduction, lab.steps]);
    for (const name of Object.keys(lab.vars))
      if (!new RegExp(`\\{\\{\\s*${name}\\s*\\}\\}`).test(text))
        tell({ line: 1, column: 1 }, `nothing uses the variable \`${name}\``);
  },
};
