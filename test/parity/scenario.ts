import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

/** How a step's output is compared: to the letter, as a set, by exit code alone, as a set with node names blanked, as JSON's shape. */
export type Mode = 'exact' | 'set' | 'free' | 'nodes' | 'json';

export type Step =
  | { kind: 'run'; line: number; node: string; command: string; mode: Mode }
  | { kind: 'wait'; line: number; service: string; replicas: string }
  | { kind: 'settle'; line: number; seconds: number }
  | { kind: 'power'; line: number; node: string; action: 'kill' | 'start' }
  | { kind: 'clean'; line: number };

export interface Scenario {
  name: string;
  steps: Step[];
}

/** What `$R` in a command stands for. */
const REGISTRY = 'registry.docker-dca.example:5000';

/**
 * Reads a scenario: a step a line. `NODE $ COMMAND` runs a command, with ` #MODE` at its end; `wait SERVICE N/N`, `settle SECONDS`,
 * `kill NODE`, `start NODE` and `clean` stand alone; lines that begin with `# ` are comments. Throws with file and line.
 */
export function readScenario(path: string): Scenario {
  const steps = readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((text, index) => {
      if (text.trim() === '' || text.trimStart().startsWith('# ')) return [];
      const step = readStep(text, index + 1);
      if (step === undefined) throw new Error(`${path}:${index + 1}: not understood: ${text}`);
      return [step];
    });
  return { name: basename(path, '.txt'), steps };
}

function readStep(text: string, line: number): Step | undefined {
  const marked = /^(.*?)\s+#(set|free|nodes|json)$/.exec(text);
  const mode = (marked?.[2] ?? 'exact') as Mode;
  const body = marked?.[1] ?? text;
  const command = /^(\w+) \$ (.*)$/.exec(body);
  if (command?.[1] !== undefined && command[2] !== undefined) {
    return { kind: 'run', line, node: command[1], command: command[2].replaceAll('$R', REGISTRY), mode };
  }
  const [word, first = '', second = ''] = body.trim().split(/\s+/);
  switch (word) {
    case 'wait':
      return { kind: 'wait', line, service: first, replicas: second };
    case 'settle':
      return { kind: 'settle', line, seconds: Number(first) };
    case 'kill':
    case 'start':
      return { kind: 'power', line, node: first, action: word };
    case 'clean':
      return { kind: 'clean', line };
    default:
      return undefined;
  }
}
