import { blocksOf, type LabStep } from '../../labs/lab.ts';
import { expandText } from '../../labs/template.ts';
import type { CheckVerdict, StepVerdict } from '../step-verdict.ts';
import type { PartResult, ScriptToRun } from '../submission/run-part.ts';
import { ClusterUnreachable, describeVerdict } from '../verdict.ts';
import { type Mutant, mutantsOf } from './mutants.ts';
import { type BenchOptions, ProofBench, type Trial } from './proof-bench.ts';

/** Lines of a failing solution's output that are shown. */
const LAST_LINES = 8;

/** Something that a lab's checks do wrong. */
export interface ProofFinding {
  step: string;
  line: number;
  message: string;
}

export interface MutantResult {
  step: string;
  mutant: Mutant;
  killed: boolean;
}

export interface Proof {
  /** Checks that pass before their step, solutions that do not pass, wrong solutions that do. */
  findings: ProofFinding[];
  mutants: MutantResult[];
  /** The outcome of each check of each step after its solution, to compare runs by. */
  verdicts: string[];
  /** Wrong solutions that were refused. */
  refused: number;
}

export interface ProveOptions extends BenchOptions {
  /** Which steps to prove; all when left out. */
  only?: string;
  /** Whether mutants are tried. */
  mutants: boolean;
  tell: (text: string) => void;
}

/**
 * Proves a lab once: each check fails before its step and passes after its solution, each wrong solution and each mutant of the solution is
 * refused. Rejects with ClusterUnreachable when the cluster breaks down.
 */
export async function proveLab(options: ProveOptions): Promise<Proof> {
  const bench = new ProofBench(options);
  const proof: Proof = { findings: [], mutants: [], verdicts: [], refused: 0 };
  const last = options.only === undefined ? -1 : options.lab.steps.findIndex((step) => step.id === options.only);
  try {
    for (const [index, step] of options.lab.steps.entries()) {
      if (last >= 0 && index > last) break;
      await bench.goTo(index);
      if (options.only !== undefined && step.id !== options.only) continue;
      await proveStep(step, bench, proof, options);
      if (index + 1 < options.lab.steps.length) await bench.next();
    }
    return proof;
  } finally {
    await bench.close();
  }
}

async function proveStep(step: LabStep, bench: ProofBench, proof: Proof, options: ProveOptions): Promise<void> {
  const find = (line: number, message: string) => {
    proof.findings.push({ step: step.id, line, message });
    options.tell(`  ✗ line ${line}: ${message}`);
  };
  options.tell(step.id);
  const before = checked(await bench.glance(step));
  for (const check of before.checks)
    if (check.outcome === 'pass' && !isGuard(check))
      find(check.position.line, `passes before the step: ${describeVerdict(check)}`);
  for (const wrong of wrongSolutions(step, bench, options.variant)) {
    const { verdict } = await tried(bench.try(step, wrong.parts, { answers: true, impatient: true }));
    if (verdict.outcome === 'failed') proof.refused++;
    else find(wrong.line, `a wrong solution is not refused: ${wrong.because}`);
    await bench.undo();
  }
  if (options.mutants) await tryMutants(step, bench, proof, options);
  const { verdict: solved, parts } = await tried(bench.try(step, bench.solution(step), { answers: true }));
  for (const check of solved.checks) {
    proof.verdicts.push(`${step.id} line ${check.position.line}: ${check.outcome}`);
    if (check.outcome !== 'pass' && check.outcome !== 'unobservable')
      find(check.position.line, `does not pass after the solution: ${describeVerdict(check)}`);
  }
  if (solved.outcome === 'failed') for (const part of parts) options.tell(describePart(part));
  if (solved.checks.length === 0) find(step.position.line, 'the step has no checks');
}

async function tryMutants(step: LabStep, bench: ProofBench, proof: Proof, options: ProveOptions): Promise<void> {
  const names = namesIn(options);
  for (const mutant of mutantsOf(step, options.variant, bench.session.variables, names)) {
    const { verdict } = await tried(bench.try(step, mutant.parts, { answers: true, impatient: true }));
    const killed = verdict.outcome === 'failed';
    proof.mutants.push({ step: step.id, mutant, killed });
    if (!killed)
      options.tell(`  survived, line ${mutant.line}: ${mutant.change}${mutant.excuse ? ` (${mutant.excuse})` : ''}`);
    await bench.undo();
  }
}

/** Checks that are there to hold all the time. */
const isGuard = (check: CheckVerdict) => check.guard;

function checked(verdict: StepVerdict): StepVerdict {
  const broken = verdict.checks.find((check) => check.outcome === 'error');
  if (broken !== undefined) throw new ClusterUnreachable(broken.because ?? 'the cluster broke down');
  return verdict;
}

async function tried(trial: Promise<Trial>): Promise<Trial> {
  const done = await trial;
  checked(done.verdict);
  return done;
}

/** How the commands for a node ended, and what they said last. */
function describePart({ node, exitCode, ended, output }: PartResult): string {
  const end = ended === 'limit' ? 'took too long' : `ended with ${exitCode ?? 'a signal'}`;
  const said = output.trimEnd().split('\n').slice(-LAST_LINES);
  return [`    the commands on ${node} ${end}:`, ...said.map((line) => `    | ${line}`)].join('\n');
}

/** Blocks with the same reason are one wrong solution. */
function wrongSolutions(
  step: LabStep,
  bench: ProofBench,
  variant: string | undefined,
): { because: string; line: number; parts: ScriptToRun[] }[] {
  const wrongs = new Map<string, { because: string; line: number; parts: ScriptToRun[] }>();
  for (const block of blocksOf(step, 'shell', variant)) {
    if (block.role !== 'wrong') continue;
    const because = block.because ?? '';
    const wrong = wrongs.get(because) ?? { because, line: block.position.line, parts: [] };
    const script = expandText(block.script, bench.session.variables);
    wrong.parts.push({ node: block.node, script, ends: block.ends });
    wrongs.set(because, wrong);
  }
  return [...wrongs.values()];
}

/** The names that the lab's checks are about. */
function namesIn({ lab }: ProveOptions): Set<string> {
  const about = ['service', 'tasks', 'logs', 'network', 'secret', 'config', 'stack', 'update', 'container'];
  const names = lab.steps.flatMap((step) =>
    step.blocks.flatMap((block) =>
      block.kind === 'checks'
        ? block.checks.filter((check) => about.includes(check.grader)).map((check) => check.value[check.grader])
        : [],
    ),
  );
  return new Set(names.filter((name): name is string => typeof name === 'string' && /^[A-Za-z][\w-]*$/.test(name)));
}
