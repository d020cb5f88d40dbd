import type { ShellBlock } from '../../labs/lab.ts';
import type { GradingCluster } from '../grading-cluster.ts';
import { Unobservable } from '../verdict.ts';
import { SHORT_VERIFY, SHORTENED } from './short-verify.ts';

/** Something for a node's shell, as the student would type it. */
export interface ScriptToRun {
  node: string;
  script: string;
  ends?: ShellBlock['ends'];
}

/** What came of it; goes into the report. */
export interface PartResult {
  node: string;
  script: string;
  exitCode: number | undefined;
  /** limit: it ran into the time limit. asked: it was ended as the lab asks. */
  ended: 'limit' | 'asked' | undefined;
  output: string;
  /** How many waits of the docker client were shortened. */
  shortened: number;
}

export interface RunPartOptions {
  /** Milliseconds that a part may take. */
  limit: number;
  /** Lets the docker client wait as long as it wants to. */
  realTime: boolean;
}

/** A single argument of a program is at most 128 KiB long on Linux. */
const MAX_SCRIPT_BYTES = 120 * 1024;
/** Output that the report keeps of each part. */
const MAX_REPORTED_OUTPUT = 4000;

/** Runs a part as the student, in a fresh shell in the home folder. */
export async function runPart(
  cluster: GradingCluster,
  part: ScriptToRun,
  options: RunPartOptions,
): Promise<PartResult> {
  if (cluster.exec === undefined) throw new Unobservable('commands cannot be run on this cluster');
  const script = options.realTime ? part.script : `${SHORT_VERIFY}\n${part.script}`;
  if (Buffer.byteLength(script) > MAX_SCRIPT_BYTES)
    return {
      ...part,
      exitCode: undefined,
      ended: 'limit',
      output: `longer than ${MAX_SCRIPT_BYTES} bytes: not run`,
      shortened: 0,
    };
  const { ends } = part;
  let seen = '';
  const when = ends !== undefined && 'when' in ends ? ends.when : undefined;
  const result = await cluster.exec(part.node, {
    argv: ['bash', '-c', script],
    user: 'student',
    limit: ends !== undefined && 'after' in ends ? Math.min(ends.after, options.limit) : options.limit,
    ...(when === undefined
      ? {}
      : {
          onOutput: (text) => {
            seen = (seen + text).slice(-MAX_REPORTED_OUTPUT - when.length);
            return seen.includes(when);
          },
        }),
  });
  const asked = result.ended === 'output' || (result.ended === 'limit' && ends !== undefined && 'after' in ends);
  const output = result.stdout + result.stderr.replaceAll(`${SHORTENED}\n`, '');
  return {
    node: part.node,
    script: part.script,
    exitCode: result.exitCode,
    ended: asked ? 'asked' : result.ended === undefined ? undefined : 'limit',
    output: output.length > MAX_REPORTED_OUTPUT ? `${output.slice(0, MAX_REPORTED_OUTPUT)}…` : output,
    shortened: result.stderr.split(SHORTENED).length - 1,
  };
}
