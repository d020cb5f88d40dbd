import type { CommandNode, ScriptNode, StatementNode } from 'just-bash';
import { parse, serialize } from 'just-bash';

type SimpleCommand = Extract<CommandNode, { type: 'SimpleCommand' }>;
type Redirection = CommandNode['redirections'][number];
type Assignment = SimpleCommand['assignments'][number];

/** A command in every loop and function, where a script that computes gives way to others. */
export const STEP = 'swarmlab-step';
/** A variable that is set for a command whose output goes where the shell's own goes, so that it need not be gathered first. */
export const STRAIGHT = 'SWARMLAB_STRAIGHT';

const LOOPS: ReadonlySet<string> = new Set(['For', 'CStyleFor', 'While', 'Until', 'FunctionDef']);

/** What is added to a script, taken from the parser itself, so that its shape is always the parser's own. */
interface Additions {
  /** `>>OUT` and `2>>ERR`. */
  stdout: Redirection;
  stderr: Redirection;
  straight: Assignment;
}

function additions(stdout: string, stderr: string): Additions {
  const command = parse(`${STRAIGHT}=1 x >>${stdout} 2>>${stderr}`).statements[0]?.pipelines[0]?.commands[0];
  const [out, err] = command?.redirections ?? [];
  const straight = command?.type === 'SimpleCommand' ? command.assignments[0] : undefined;
  if (out === undefined || err === undefined || straight === undefined)
    throw new Error('the shell parser gave no redirections');
  return { stdout: out, stderr: err, straight };
}

function redirects(command: CommandNode, descriptor: 1 | 2): boolean {
  return command.redirections.some((redirection) =>
    redirection.operator === '&>' || redirection.operator === '&>>'
      ? true
      : redirection.operator.startsWith('>') && (redirection.fd ?? 1) === descriptor,
  );
}

/** Sends what a command prints to the two streams, unless it says itself where it goes. */
function stream(command: CommandNode, place: { last: boolean; alone: boolean }, added: Additions): void {
  switch (command.type) {
    case 'If':
      for (const clause of command.clauses) streamAll([...clause.condition, ...clause.body], added);
      streamAll(command.elseBody ?? [], added);
      return;
    case 'For':
    case 'CStyleFor':
    case 'Subshell':
    case 'Group':
      if (place.last && command.redirections.length === 0) streamAll(command.body, added);
      return;
    case 'While':
    case 'Until':
      if (place.last && command.redirections.length === 0) streamAll([...command.condition, ...command.body], added);
      return;
    case 'Case':
      for (const item of command.items) streamAll(item.body, added);
      return;
    case 'SimpleCommand': {
      if (command.name === null) return;
      if (place.alone && command.redirections.length === 0 && command.assignments.length === 0)
        command.assignments = [added.straight];
      const redirections = [
        ...(place.last && !redirects(command, 1) ? [added.stdout] : []),
        ...(redirects(command, 2) ? [] : [added.stderr]),
      ];
      // In front, so that a later `>&2` or `2>&1` of the author's own refers to the streams.
      command.redirections = [...redirections, ...command.redirections];
      return;
    }
    default:
      return;
  }
}

function streamAll(statements: readonly StatementNode[], added: Additions): void {
  for (const statement of statements)
    for (const pipeline of statement.pipelines)
      for (const [index, command] of pipeline.commands.entries()) {
        const last = index === pipeline.commands.length - 1;
        const alone = pipeline.commands.length === 1 && !statement.background;
        if (last || command.type === 'SimpleCommand') stream(command, { last, alone }, added);
      }
}

/** Puts a step at the beginning of every loop and function, wherever in the script it stands. */
function addSteps(node: unknown): void {
  if (Array.isArray(node)) {
    for (const each of node) addSteps(each);
    return;
  }
  if (typeof node !== 'object' || node === null) return;
  for (const value of Object.values(node)) addSteps(value);
  if (!('type' in node && typeof node.type === 'string' && LOOPS.has(node.type) && 'body' in node)) return;
  const body = Array.isArray(node.body) ? node.body : bodyOf(node.body);
  body?.unshift(...parse(STEP).statements);
}

/** The statements of a function, whose body is a command. */
function bodyOf(command: unknown): unknown[] | undefined {
  return typeof command === 'object' && command !== null && 'body' in command && Array.isArray(command.body)
    ? command.body
    : undefined;
}

/** The script with every statement's output sent on at once to the files `stdout` and `stderr`. Throws on a syntax error. */
export function rewrite(script: string, stdout: string, stderr: string): string {
  const tree: ScriptNode = parse(script);
  streamAll(tree.statements, additions(stdout, stderr));
  addSteps(tree);
  return serialize(tree);
}
