import type { LabStep, ShellBlock } from '../../labs/lab.ts';
import { solutionOf } from '../../labs/lab.ts';
import { expandText, type Variables } from '../../labs/template.ts';
import type { ScriptToRun } from '../submission/run-part.ts';
import { commandsOf } from './script-commands.ts';

/** A solution with one thing wrong about it, which the checks should notice. */
export interface Mutant {
  /** What was changed. */
  change: string;
  kind: 'left out' | 'number' | 'name';
  /** The line in the lab file where it was changed. */
  line: number;
  /** The author's reason why this need not be noticed. */
  excuse: string | undefined;
  parts: ScriptToRun[];
}

/** Numbers that stand alone: not part of a version, an address, a duration or a name. */
const NUMBER = /(?<![\w.:/-])\d+(?![\w.:/-])|(?<=[=:])\d+(?![\w./-])/g;

/** How long a loop sleeps between two looks is nobody's business. */
const PAUSE = /\bdo\s+sleep\s+$/;

/**
 * All mutants of a step's solution: every command left out, every number one higher, every use of a name that the checks know with
 * another name. `names` are those.
 */
export function mutantsOf(
  step: LabStep,
  variant: string | undefined,
  variables: Variables,
  names: ReadonlySet<string>,
): Mutant[] {
  const blocks = solutionOf(step, variant).map((block) => ({ block, script: expandText(block.script, variables) }));
  return blocks.flatMap(({ block, script }, index) =>
    changesOf(script, names).map(({ change, kind, line, changed }) => ({
      change,
      kind,
      line: block.position.line + 1 + line,
      excuse: block.unchecked,
      parts: blocks.map((other, at) => partOf(other.block, at === index ? changed : other.script)),
    })),
  );
}

const partOf = ({ node, ends }: ShellBlock, script: string): ScriptToRun => ({ node, script, ends });

type Change = Pick<Mutant, 'change' | 'kind' | 'line'> & { changed: string };

function changesOf(script: string, names: ReadonlySet<string>): Change[] {
  const lines = script.split('\n');
  return commandsOf(script).flatMap((command): Change[] => {
    const length = command.text.split('\n').length;
    const withText = (text: string[]) =>
      [...lines.slice(0, command.line), ...text, ...lines.slice(command.line + length)].join('\n');
    const shown = command.text.replace(/\s+/g, ' ').trim();
    const replaced = (at: number, old: string, fresh: string) =>
      withText([command.text.slice(0, at) + fresh + command.text.slice(at + old.length)]);
    return [
      { kind: 'left out', change: `without \`${shown}\``, line: command.line, changed: withText([]) },
      ...[...command.text.matchAll(NUMBER)]
        .filter(({ index }) => !PAUSE.test(command.text.slice(0, index)))
        .map(
          ({ 0: old, index }): Change => ({
            kind: 'number',
            change: `${old} became ${Number(old) + 1} in \`${shown}\``,
            line: command.line,
            changed: replaced(index, old, String(Number(old) + 1)),
          }),
        ),
      ...[...command.text.matchAll(/[A-Za-z][\w-]*/g)]
        .filter(({ 0: word }) => names.has(word))
        .map(
          ({ 0: old, index }): Change => ({
            kind: 'name',
            change: `${old} became ${old}x in \`${shown}\``,
            line: command.line,
            changed: replaced(index, old, `${old}x`),
          }),
        ),
    ];
  });
}
