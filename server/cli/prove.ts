import type { Command } from 'commander';
import { z } from 'zod';
import { SwarmlabError } from '../errors/swarmlab-error.ts';
import { type Proof, proveLab } from '../grading/prove/prove-lab.ts';
import { ClusterUnreachable } from '../grading/verdict.ts';
import type { Lab } from '../labs/lab.ts';
import { loadLab } from '../labs/lab-library.ts';
import { checkLabNames } from './check-lab-names.ts';
import { addNewClusterOptions, newCluster, newClusterOptions, workPlace } from './cluster-for-grading.ts';
import { parseCall } from './parse-call.ts';

const proveOptions = newClusterOptions.extend({
  repeat: z.coerce.number().int().positive().default(1),
  mutants: z.boolean().default(true),
  seed: z.string().default('prove'),
  variant: z.string().optional(),
  step: z.string().optional(),
});
type ProveCall = z.output<typeof proveOptions>;

/** `swarmlab prove`: shows that a lab's checks fail before, pass after, and cannot be fooled. */
export function register(program: Command): void {
  addNewClusterOptions(
    program
      .command('prove')
      .description(
        "prove labs: checks fail before a step and pass after it, and refuse wrong solutions and mutants of the lab's own",
      )
      .argument('<labs...>', 'names of labs or paths of their files')
      .option('--repeat <n>', 'prove it again and compare the verdicts (mutants only once)')
      .option('--no-mutants', 'leave the mutants out'),
  )
    .option('--seed <seed>', 'what the variables are drawn by')
    .option('--variant <name>', 'a variant of the lab')
    .option('--step <id>', 'only this step')
    .action(async (names: string[], options: unknown) => {
      const call = parseCall(proveOptions, options);
      const loaded = await Promise.all(names.map((name) => loadLab(name)));
      // A translation has the checks of its original, so `labs/*.md` proves them once.
      const labs = [...new Map(loaded.map((lab) => [lab.file, lab])).values()];
      for (const lab of labs) checkLabNames(lab, call);
      const began = performance.now();
      const results: Result[] = [];
      for (const lab of labs) results.push(await prove(lab, call));
      if (results.length > 1) tellTotal(results, performance.now() - began);
      process.exitCode = results.every(({ proved }) => proved) ? 0 : 1;
    });
}

/** What came of proving a lab. */
interface Result {
  proved: boolean;
  refused: number;
  mutants: number;
  killed: number;
  flakes: number;
}

const say = (text: string) => process.stdout.write(`${text}\n`);

async function prove(lab: Lab, call: ProveCall): Promise<Result> {
  const wanted = (call.variant === undefined ? undefined : lab.variants[call.variant]?.cluster) ?? lab.cluster;
  const place = await workPlace(call);
  const runs: Proof[] = [];
  say(`${lab.name}: ${lab.title}`);
  for (let run = 0; run < call.repeat; run++) {
    if (call.repeat > 1) say(`run ${run + 1} of ${call.repeat}`);
    runs.push(
      await proveLab({
        lab,
        variant: call.variant,
        seed: call.seed,
        clock: place.clock,
        mutants: call.mutants && run === 0,
        ...(call.step === undefined ? {} : { only: call.step }),
        tell: say,
        open: () => newCluster(call, place, wanted, (text) => process.stderr.write(`${text}\n`)),
      }).catch((error: unknown) => {
        if (error instanceof ClusterUnreachable)
          throw new SwarmlabError('SL_ENGINE_FAILED', error.message, { cause: error });
        throw error;
      }),
    );
  }
  place.time?.dispose();
  return summarize(lab, runs);
}

/** Prints what was found. A lab is proved when nothing is left to be explained. */
function summarize(lab: Lab, runs: readonly Proof[]): Result {
  const findings = runs.flatMap((run) => run.findings);
  const mutants = runs.flatMap((run) => run.mutants);
  const survivors = mutants.filter(({ killed }) => !killed);
  const flakes = new Set(runs.map((run) => run.verdicts.join('\n'))).size - 1;
  for (const { step, line, message } of findings) say(`${lab.file}:${line}: ${step}: ${message}`);
  for (const { step, mutant } of survivors)
    say(`${lab.file}:${mutant.line}: ${step}: survived: ${mutant.change}; ${mutant.excuse ?? 'no reason given'}`);
  const proved = findings.length === 0 && flakes === 0 && survivors.every(({ mutant }) => mutant.excuse !== undefined);
  const result: Result = {
    proved,
    refused: runs[0]?.refused ?? 0,
    mutants: mutants.length,
    killed: mutants.length - survivors.length,
    flakes,
  };
  say(
    `${lab.name}: ${describe(result)}; ${flakes} ${flakes === 1 ? 'verdict' : 'verdicts'} that changed between ${runs.length} runs`,
  );
  say(proved ? `${lab.name} is proved.` : `${lab.name} is not proved.`);
  return result;
}

function describe({ refused, mutants, killed }: Result): string {
  const share = mutants === 0 ? 1 : killed / mutants;
  return `${refused} wrong solutions refused; ${killed} of ${mutants} mutants killed (${Math.floor(share * 100)} %)`;
}

/** Prints what came of all labs together. */
function tellTotal(results: readonly Result[], milliseconds: number): void {
  const sum = (of: 'refused' | 'mutants' | 'killed' | 'flakes') =>
    results.reduce((total, result) => total + result[of], 0);
  const proved = results.filter((result) => result.proved).length;
  const total = { proved: true, refused: sum('refused'), mutants: sum('mutants'), killed: sum('killed'), flakes: 0 };
  say(
    `${proved} of ${results.length} labs proved: ${describe(total)}; ${sum('flakes')} verdicts that changed; ${Math.round(milliseconds / 1000)} s`,
  );
}
