import { type KeyObject, randomBytes } from 'node:crypto';
import type { Command } from 'commander';
import { z } from 'zod';
import { SwarmlabError } from '../errors/swarmlab-error.ts';
import { packEvidence, signingKeyOf } from '../grading/evidence/bundle.ts';
import { EvidenceCollector } from '../grading/evidence/evidence-collector.ts';
import { gradeLab, type Submission } from '../grading/grade-lab.ts';
import type { GradeReport } from '../grading/report/grade-report.ts';
import { reportNoCluster } from '../grading/report/no-cluster.ts';
import { prettyStep } from '../grading/reporters/pretty.ts';
import { REPORT_FORMATS } from '../grading/reporters/reporters.ts';
import { durationSchema } from '../labs/duration.ts';
import { DEFAULT_NODES } from '../labs/front-matter.ts';
import type { Lab } from '../labs/lab.ts';
import { loadLab, translationsOf } from '../labs/lab-library.ts';
import { readText } from '../labs/read-text.ts';
import { parseStudentScript, type ScriptStep } from '../labs/student-script.ts';
import { toOriginal } from '../labs/translation/translation.ts';
import { checkLabNames } from './check-lab-names.ts';
import { addClusterOptions, clusterAtWork, clusterOptions, type WorkPlace, workPlace } from './cluster-for-grading.ts';
import { gradeBatch } from './grade-batch.ts';
import { checkOutputFile, writeOutputFile } from './output-file.ts';
import { parseCall } from './parse-call.ts';
import { deliverReport } from './report.ts';
import { VERSION } from './version.ts';

/** How long each part of a script may take when nobody says. */
const PART_LIMIT = '5m';
/** Longer scripts than this nobody writes by hand. */
const MAX_SCRIPT_BYTES = 1024 * 1024;
const MAX_KEY_BYTES = 64 * 1024;

const gradeOptions = clusterOptions.extend({
  step: z.string().optional(),
  solution: z.boolean().default(false),
  script: z.string().optional(),
  seed: z.string().optional(),
  variant: z.string().optional(),
  format: z.enum(REPORT_FORMATS).default('pretty'),
  out: z.string().optional(),
  evidence: z.string().optional(),
  sign: z.string().optional(),
  limit: durationSchema,
  batch: z.string().optional(),
  parallel: z.coerce.number().int().positive(),
  studentLimit: durationSchema,
  reports: z.string().optional(),
});
type GradeCall = z.output<typeof gradeOptions>;

/** `swarmlab grade`: does a submission step by step on a cluster and says what each check found. */
export function register(program: Command): void {
  addClusterOptions(
    program
      .command('grade')
      .description("grade a lab: its solution, a student's script, or a cluster as it stands")
      .argument('<lab>', 'name of a lab or path of its file')
      .option('--step <id>', 'only this step (what comes before it is done, not graded)')
      .option('--solution', "grade the lab's own solution")
      .option('--script <file>', 'grade a script (`# step: ID` and `# node: NAME` say where its commands belong)'),
  )
    .option('--batch <path>', 'grade many: a folder of scripts (NAME.sh), or a CSV file with student, script, seed')
    .option('--parallel <n>', 'how many submissions of a batch at a time', '2')
    .option('--student-limit <duration>', 'how long each submission of a batch may take, its cluster included', '20m')
    .option('--reports <folder>', 'where the single reports of a batch go')
    .option('--seed <seed>', 'what the variables are drawn by')
    .option('--variant <name>', 'a variant of the lab')
    .option('--format <format>', `one of ${REPORT_FORMATS.join(', ')}`)
    .option('--out <file>', 'write the report there instead of to stdout')
    .option('--evidence <file>', 'keep everything that was seen, for `swarmlab regrade`')
    .option('--sign <key>', 'sign the evidence with this Ed25519 key (PEM)')
    .option('--limit <duration>', 'how long the commands for one node and step may take', PART_LIMIT)
    .action(async (name: string, options: unknown) => {
      const call = parseCall(gradeOptions, options);
      if (call.batch !== undefined) {
        const lab = await loadLab(name);
        process.exitCode = await gradeBatch(lab, {
          ...call,
          batch: call.batch,
          reports: call.reports,
          out: call.out,
          common: commonArguments(lab, call),
        });
        return;
      }
      const [lab, place] = await Promise.all([loadLab(name), workPlace(call)]);
      const report = await grade(lab, call, place);
      await deliverReport(report, call.format, call.out);
      process.exitCode = report.exitCode;
    });
}

/** What holds for every submission of a batch. */
function commonArguments(lab: Lab, call: GradeCall): string[] {
  checkLabNames(lab, call);
  for (const option of ['cluster', 'host', 'solution', 'script', 'seed', 'evidence', 'sign'] as const)
    if (call[option] !== undefined && call[option] !== false)
      throw new SwarmlabError('SL_USAGE', 'each submission of a batch has a script, a seed and a cluster of its own', {
        next: `Leave --${option} out.`,
      });
  const { nodes, orchestrator, variant, step, limit, realTime } = call;
  return [
    ...['--nodes', nodes, '--orchestrator', orchestrator, '--limit', `${limit}ms`],
    ...(variant === undefined ? [] : ['--variant', variant]),
    ...(step === undefined ? [] : ['--step', step]),
    ...(realTime ? ['--real-time'] : []),
  ];
}

/** Grades as the call says. Rejects for mistakes in the call; a cluster that fails is a report, too. */
async function grade(lab: Lab, call: GradeCall, place: WorkPlace): Promise<GradeReport> {
  checkCall(lab, call);
  for (const file of [call.out, call.evidence]) if (file !== undefined) checkOutputFile(file);
  const key = await signingKey(call);
  const submission = await submissionOf(lab, call);
  const { clock } = place;
  const seed = call.seed ?? randomBytes(4).toString('hex');
  const tell = (text: string) => process.stderr.write(`${text}\n`);
  const wanted = (call.variant === undefined ? undefined : lab.variants[call.variant]?.cluster) ?? lab.cluster;
  try {
    const work = await clusterAtWork(call, place, wanted, tell);
    try {
      const evidence = call.evidence === undefined ? undefined : new EvidenceCollector();
      await evidence?.open(work.cluster);
      const report = await gradeLab({
        lab,
        seed,
        cluster: work.cluster,
        clock,
        submission,
        ...(evidence === undefined ? {} : { evidence }),
        partLimit: call.limit,
        realTime: call.realTime,
        ...(call.variant === undefined ? {} : { variant: call.variant }),
        ...(call.step === undefined ? {} : { only: call.step }),
        onStepDone: (step) => tell(prettyStep(step).join('\n')),
      });
      if (evidence !== undefined && call.evidence !== undefined) {
        const whole = await evidence.complete(lab, work.cluster, report, VERSION);
        await writeOutputFile(call.evidence, packEvidence(whole, key));
      }
      return report;
    } finally {
      await work.close().catch((error: Error) => tell(`the cluster could not be removed: ${error.message}`));
      place.time?.dispose();
    }
  } catch (error) {
    if (!(error instanceof SwarmlabError) || error.exitCode !== 3) throw error;
    return reportNoCluster({
      lab,
      seed,
      submission: submission.kind,
      only: call.step,
      cluster: call.cluster ?? call.host ?? 'none',
      realTime: call.realTime,
      error,
      now: clock.timestamp(),
    });
  }
}

function checkCall(lab: Lab, call: GradeCall): void {
  checkLabNames(lab, call);
  if (call.solution && call.script !== undefined)
    throw new SwarmlabError('SL_USAGE', '--solution and --script are two submissions', {
      next: 'Give only one of them.',
    });
  if (!call.solution && call.script === undefined && call.cluster === undefined && call.host === undefined)
    throw new SwarmlabError('SL_USAGE', 'there is nothing to grade', {
      next: 'Give --solution or --script FILE, or a cluster to grade as it stands (--cluster NAME or --host URL).',
    });
  if (call.sign !== undefined && call.evidence === undefined)
    throw new SwarmlabError('SL_USAGE', '--sign signs evidence', { next: 'Give --evidence FILE, too.' });
  if (call.host !== undefined && (call.solution || call.script !== undefined))
    throw new SwarmlabError('SL_USAGE', 'nothing can be run behind --host', { next: 'It is graded as it stands.' });
}

async function signingKey(call: GradeCall): Promise<KeyObject | undefined> {
  if (call.sign === undefined) return undefined;
  return signingKeyOf(await readText(call.sign, MAX_KEY_BYTES, 'the key'));
}

async function submissionOf(lab: Lab, call: GradeCall): Promise<Submission> {
  if (call.solution) return { kind: 'solution' };
  if (call.script === undefined) return { kind: 'state' };
  const source = await readText(call.script, MAX_SCRIPT_BYTES, 'the script');
  const steps = parseStudentScript(source, {
    steps: lab.steps.map((step) => step.id),
    nodes: lab.cluster.nodes ?? DEFAULT_NODES,
    firstStep: lab.steps[0]?.id ?? '',
  });
  return { kind: 'script', steps: await inOriginalWords(lab, steps) };
}

/** Whoever read the lab in a translation answers its questions in that language. */
async function inOriginalWords(
  lab: Lab,
  steps: ReadonlyMap<string, ScriptStep>,
): Promise<ReadonlyMap<string, ScriptStep>> {
  const translations = [...(await translationsOf(lab)).values()];
  const inOriginal = (id: string, answer: readonly string[]) =>
    translations.reduce((words, translation) => toOriginal(lab, translation, id, words), answer);
  return new Map(
    [...steps].map(([id, { parts, answers }]) => [
      id,
      { parts, answers: new Map([...answers].map(([item, answer]) => [item, inOriginal(item, answer)])) },
    ]),
  );
}
