import { SwarmlabError } from '../errors/swarmlab-error.ts';
import { describeChoices } from './suggestion.ts';

/** A part of a student's script that runs on one node. */
export interface ScriptPart {
  node: string;
  script: string;
}

/** What a student's script does for one step. */
export interface ScriptStep {
  parts: ScriptPart[];
  /** Answers to quiz items, by their IDs. */
  answers: ReadonlyMap<string, readonly string[]>;
}

const DIRECTIVE = /^\s*#\s*(step|node|answer)\s*:\s*(.*?)\s*$/i;

/**
 * Takes a student's script apart by its comments: `# step: publish`, `# node: worker1` (master where it says nothing, and again after
 * each step), `# answer: scope = swarm` (several options are separated by `|`). What stands before the first step belongs to
 * `firstStep`. Throws SL_USAGE with the line for a step or node that the lab does not have, and for what no command can hold.
 */
export function parseStudentScript(
  source: string,
  lab: { steps: readonly string[]; nodes: readonly string[]; firstStep: string },
): ReadonlyMap<string, ScriptStep> {
  const steps = new Map<string, { parts: ScriptPart[]; answers: Map<string, readonly string[]> }>();
  const defaultNode = lab.nodes[0] ?? 'master';
  let step = lab.firstStep;
  let node = defaultNode;
  let lines: string[] = [];
  const stepNamed = (id: string) => {
    const known = steps.get(id) ?? { parts: [] as ScriptPart[], answers: new Map<string, readonly string[]>() };
    steps.set(id, known);
    return known;
  };
  const flush = () => {
    const script = lines.join('\n').trim();
    if (script !== '') stepNamed(step).parts.push({ node, script });
    lines = [];
  };
  for (const [index, line] of source.replace(/\r\n?/g, '\n').split('\n').entries()) {
    if (line.includes('\0')) throw scriptMistake(index, 'it holds a zero byte');
    const [, directive, value = ''] = DIRECTIVE.exec(line) ?? [];
    const refuse = (what: string, known: readonly string[]) => {
      throw scriptMistake(index, `the lab has no ${what} \`${value}\`; expected ${describeChoices(value, known)}`);
    };
    switch (directive?.toLowerCase()) {
      case 'step':
        flush();
        if (!lab.steps.includes(value)) refuse('step', lab.steps);
        step = value;
        node = defaultNode;
        stepNamed(step);
        break;
      case 'node':
        flush();
        if (!lab.nodes.includes(value)) refuse('node', lab.nodes);
        node = value;
        break;
      case 'answer': {
        const [, item, answer] = /^([a-z][a-z0-9-]*)\s*[=:]\s*(.*)$/.exec(value) ?? [];
        if (item === undefined || answer === undefined)
          throw scriptMistake(index, 'expected `# answer: QUESTION = ANSWER`');
        stepNamed(step).answers.set(
          item,
          answer.split('|').map((part) => part.trim()),
        );
        break;
      }
      default:
        lines.push(line);
    }
  }
  flush();
  return steps;
}

function scriptMistake(index: number, what: string): SwarmlabError {
  return new SwarmlabError('SL_USAGE', `script line ${index + 1}: ${what}`, {
    next: 'Put that line of the script right; docs/labs.md tells how scripts are written.',
  });
}
