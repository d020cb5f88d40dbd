import { parseArgs } from 'node:util';
import { asSwarmlabError, reportError } from '../../server/cli/report-error.ts';
import { parseSubnet } from '../../server/clusters/subnet.ts';
import { SwarmlabError } from '../../server/errors/swarmlab-error.ts';
import { checkoutOf } from './checkout.ts';
import { compareResults, namesOf } from './compare-results.ts';
import { dockerPy } from './docker-py.ts';
import { dockerode } from './dockerode.ts';
import { loneEngine } from './lone-engine.ts';
import type { Results, Suite } from './suite.ts';

const HELP = `npm run conformance -- [--docker-py FOLDER] [--dockerode FOLDER] [--only SUITE] [--subnet CIDR] [--nodes KIND]

Runs the Swarm tests of docker-py and of dockerode on a real Swarm and on the builtin orchestrator, each in a cluster of its own
that is made and removed, prints what passed and failed on both, and the difference.
FOLDER is a checkout of the library; without it, one is cloned into the cache folder. dockerode's tests need its packages, which
npm installs into the checkout when they are not there.
SUITE is docker-py or dockerode (default: both). KIND is dind or embedded, for the builtin orchestrator (default: dind).
Ends with 0 when the builtin orchestrator passes whatever the real Swarm passes, 1 when not, 2 when it was called wrongly, 3 where
there is no checkout or no Docker engine.
`;

const SUITES: Suite[] = [dockerPy, dockerode];
const OPTIONS = {
  'docker-py': { type: 'string' },
  dockerode: { type: 'string' },
  only: { type: 'string' },
  subnet: { type: 'string' },
  nodes: { type: 'string' },
  help: { type: 'boolean' },
} as const;

const print = (text: string) => process.stdout.write(`${text}\n`);
const tell = (text: string) => process.stderr.write(`${text}\n`);

/** A suite with the checkout whose tests are run. */
interface Ready {
  suite: Suite;
  folder: string;
}

/** `npm run conformance`. */
async function main(): Promise<number> {
  const { values } = readArguments();
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const { only, nodes: kind = 'dind', subnet } = values;
  const wanted = SUITES.filter(({ name }) => only === undefined || name === only);
  const isSubnet = subnet === undefined || parseSubnet(subnet) !== undefined;
  if (!isSubnet || wanted.length === 0 || (kind !== 'dind' && kind !== 'embedded')) {
    process.stderr.write(HELP);
    return 2;
  }
  const ready: Ready[] = [];
  for (const suite of wanted) {
    const { folder, commit } = await checkoutOf(
      suite,
      suite.name === 'dockerode' ? values.dockerode : values['docker-py'],
    );
    if (commit !== suite.commit) tell(`${suite.name} is at ${commit ?? 'an unknown commit'}, not at ${suite.commit}`);
    await suite.prepare(folder);
    ready.push({ suite, folder });
  }
  const cluster = { ...(subnet !== undefined && { subnet }), kind } as const;
  const real = await runOn({ ...cluster, kind: 'dind', name: 'conformance-swarm', orchestrator: 'swarm' }, ready);
  const ours = await runOn({ ...cluster, name: 'conformance-builtin', orchestrator: 'builtin' }, ready);
  const same = ready.map(({ suite }) => report(suite.name, real.get(suite) ?? new Map(), ours.get(suite) ?? new Map()));
  return same.every(Boolean) ? 0 : 1;
}

async function runOn(
  request: Parameters<typeof loneEngine>[0],
  ready: readonly Ready[],
): Promise<ReadonlyMap<Suite, Results>> {
  const engine = await loneEngine(request, tell);
  const results = new Map<Suite, Results>();
  try {
    for (const { suite, folder } of ready) {
      tell(`${suite.name} on ${request.orchestrator} ...`);
      results.set(suite, await suite.run(folder, engine.dockerHost, tell));
    }
  } finally {
    await engine.remove();
  }
  return results;
}

/** Prints both lists and the difference; gives whether ours passed whatever the real one passed. */
function report(suite: string, real: Results, ours: Results): boolean {
  for (const [where, results] of [
    ['the real Swarm', real],
    ['the builtin orchestrator', ours],
  ] as const) {
    const failed = namesOf(results, 'failed');
    const counts = `${namesOf(results, 'passed').length} passed, ${failed.length} failed, ${namesOf(results, 'other').length} other`;
    print(`${suite} on ${where}: ${counts}`);
    for (const [name, outcome] of [...results].sort()) print(`  ${outcome.padEnd(6)}  ${name}`);
  }
  const { lost, gained } = compareResults(real, ours);
  print(`${suite}: ${lost.length} passed only on the real Swarm, ${gained.length} only on the builtin orchestrator`);
  for (const name of lost) print(`  only real  ${name}`);
  for (const name of gained) print(`  only ours  ${name}`);
  return lost.length === 0;
}

function readArguments() {
  try {
    return parseArgs({ options: OPTIONS });
  } catch (error) {
    throw new SwarmlabError('SL_USAGE', asSwarmlabError(error).message);
  }
}

process.exitCode = await main().catch(reportError);
