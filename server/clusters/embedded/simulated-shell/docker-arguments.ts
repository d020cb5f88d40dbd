/**
 * What a student may say to the real docker client where no sandbox keeps it in: it would read and write files of this machine, connect
 * to other engines and start other programs. Everything not known to be harmless is refused; files come from the simulated shell.
 */

/** An argument that names a file or folder of the simulated shell. */
export interface FileArgument {
  index: number;
  /** What stands before the path: `--env-file=` or nothing. */
  prefix: string;
  path: string;
  /** `read`: it is there and the client reads it; `write`: the client makes it; `compose`: it is read and may name others. */
  use: 'read' | 'write' | 'compose';
  /** It may be something else than a file; one that is not there and could not lead anywhere is left as it is. */
  optional?: boolean;
}

export type CheckedCall = { refused: string } | { files: FileArgument[] };

/** The commands of the client itself that work without anything of this machine but its arguments and its streams. */
const COMMANDS = new Set(
  (
    'attach build builder commit config container cp create diff events exec export help history image images import info inspect kill load ' +
    'login logout logs network node pause plugin port ps pull push rename restart rm rmi run save search secret service stack start stats ' +
    'stop swarm system tag top unpause update version volume wait'
  ).split(' '),
);
const GLOBAL_FLAGS = new Set(['-D', '--debug', '-v', '--version', '--help', '-h']);
const ONLY: Readonly<Record<string, ReadonlySet<string>>> = {
  plugin: new Set(['ls', 'list', 'inspect', '--help']),
  builder: new Set(['prune', 'build', '--help']),
};

/** Flags that read or write files of this machine in ways that nobody in a lab needs. */
const REFUSED_FLAGS =
  /^--(?:cidfile|iidfile|metadata-file|secret-file|security-opt|ssh|disable-content-trust|ca-cert|ca-key|external-ca|seccomp)(?:=|$)/;

interface FileRules {
  /** Flags with a file, long and short. */
  flags: Readonly<Record<string, FileArgument['use']>>;
  /** Whether arguments that are no flags may name files, too. */
  operands?: 'all' | 'last' | 'local-copy';
}

const ENVIRONMENT: FileRules = { flags: { '--env-file': 'read', '--label-file': 'read' } };
const FILES: Readonly<Record<string, FileRules>> = {
  run: ENVIRONMENT,
  create: ENVIRONMENT,
  exec: ENVIRONMENT,
  'service create': ENVIRONMENT,
  'service update': ENVIRONMENT,
  build: { flags: { '--file': 'read', '-f': 'read' }, operands: 'all' },
  cp: { flags: {}, operands: 'local-copy' },
  save: { flags: { '--output': 'write', '-o': 'write' } },
  export: { flags: { '--output': 'write', '-o': 'write' } },
  load: { flags: { '--input': 'read', '-i': 'read' } },
  import: { flags: {}, operands: 'all' },
  'config create': { flags: {}, operands: 'last' },
  'secret create': { flags: {}, operands: 'last' },
  'stack deploy': { flags: { '--compose-file': 'compose', '-c': 'compose' } },
  'stack up': { flags: { '--compose-file': 'compose', '-c': 'compose' } },
  'stack config': { flags: { '--compose-file': 'compose', '-c': 'compose' } },
};
/** Commands whose every argument is looked at, for any could be a path; in the others paths are those of containers. */
const STRICT = new Set(['build', 'cp', 'import', 'config create', 'secret create']);

/** Looks at the arguments of a call of `docker` (without its name). */
export function checkDockerArguments(argv: readonly string[]): CheckedCall {
  const at = argv.findIndex((argument) => !argument.startsWith('-'));
  for (const argument of at < 0 ? argv : argv.slice(0, at)) {
    if (!GLOBAL_FLAGS.has(argument)) return { refused: `the simulated shell starts docker without ${argument}` };
  }
  const command = argv[at];
  if (command === undefined) return { files: [] };
  if (command === 'context') return contextCall(argv.slice(at + 1));
  if (!COMMANDS.has(command)) return { refused: `'${command}' is not a docker command here.\nSee 'docker --help'` };
  const sub = argv[at + 1] ?? '';
  if (ONLY[command] !== undefined && !ONLY[command].has(sub))
    return { refused: `docker ${command} ${sub} is not to be had here` };
  const grouped = ['container', 'image', 'builder'].includes(command);
  const own = ['config', 'secret', 'stack', 'service'].includes(command);
  const key = grouped ? sub : own ? `${command} ${sub}` : command;
  const from = at + (grouped || own ? 2 : 1);
  for (const argument of argv.slice(from)) {
    if (REFUSED_FLAGS.test(argument))
      return { refused: `${argument.split('=')[0]} is not to be had in the simulated shell` };
  }
  return filesOf(argv, from, key);
}

function contextCall(rest: readonly string[]): CheckedCall {
  return ['ls', 'list', 'show', 'inspect', '--help'].includes(rest[0] ?? '--help')
    ? { files: [] }
    : { refused: 'there is one engine here; contexts cannot be changed' };
}

function filesOf(argv: readonly string[], from: number, key: string): CheckedCall {
  const rules = FILES[key];
  if (rules === undefined) return { files: [] };
  const files: FileArgument[] = [];
  const operands: number[] = [];
  for (let index = from; index < argv.length; index++) {
    const argument = argv[index] ?? '';
    if (!argument.startsWith('-') || argument === '-') {
      operands.push(index);
      continue;
    }
    const found = fileFlag(argv, index, rules.flags);
    if (found === 'unclear') return { refused: `write each flag of '${argument}' by itself` };
    if (found === undefined) continue;
    if (found.path !== '-') files.push(found);
    index = found.index;
  }
  const named = operandFiles(argv, operands, rules.operands);
  files.push(...named);
  const stray = STRICT.has(key)
    ? argv.slice(from).find((argument, offset) => {
        const known = files.some((file) => file.index === from + offset);
        return !known && leadsAway(argument.replace(/^--?[a-z-]+=?/i, '')) && !isOfContainer(argument, key);
      })
    : undefined;
  if (stray !== undefined) return { refused: `'${stray}' cannot be read as a file of this shell` };
  return { files };
}

/** A flag with a file at this place, with its value here or in the next argument; `unclear` for short flags run together. */
function fileFlag(
  argv: readonly string[],
  index: number,
  flags: FileRules['flags'],
): FileArgument | 'unclear' | undefined {
  const argument = argv[index] ?? '';
  for (const [flag, use] of Object.entries(flags)) {
    if (argument === flag) return { index: index + 1, prefix: '', path: argv[index + 1] ?? '', use };
    if (argument.startsWith(`${flag}=`))
      return { index, prefix: `${flag}=`, path: argument.slice(flag.length + 1), use };
    if (flag.startsWith('--') || argument.startsWith('--')) continue;
    if (argument.startsWith(flag)) return { index, prefix: flag, path: argument.slice(flag.length), use };
    if (argument.includes(flag.slice(1))) return 'unclear';
  }
  return undefined;
}

function operandFiles(
  argv: readonly string[],
  operands: readonly number[],
  which: FileRules['operands'],
): FileArgument[] {
  const chosen = which === undefined ? [] : which === 'last' ? operands.slice(-1) : operands;
  const isSource = (index: number) => index === operands[0];
  return chosen.flatMap((index): FileArgument[] => {
    const path = argv[index] ?? '';
    if (path === '-') return [];
    if (which === 'all') return [{ index, prefix: '', path, use: 'read', optional: true }];
    if (which === 'last') return [{ index, prefix: '', path, use: 'read' }];
    return isLocalCopyArgument(path) ? [{ index, prefix: '', path, use: isSource(index) ? 'read' : 'write' }] : [];
  });
}

/** As the client tells `CONTAINER:PATH` from a path of its own. */
function isLocalCopyArgument(path: string): boolean {
  return path.startsWith('/') || path.startsWith('.') || !path.includes(':');
}

function isOfContainer(argument: string, key: string): boolean {
  return key === 'cp' && !isLocalCopyArgument(argument);
}

/** Whether a path could lead out of the folder in which the client runs. */
export function leadsAway(path: string): boolean {
  return path.startsWith('/') || path.startsWith('~') || path.split('/').includes('..') || /^[a-z]+:\/\//i.test(path);
}
