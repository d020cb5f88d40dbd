import { parseArgs } from 'node:util';
import { reportError } from '../../../server/cli/report-error.ts';
import { nodeOf } from '../../../server/clusters/cluster-record.ts';
import { findCluster } from '../../../server/clusters/find-cluster.ts';
import { outerEngine } from '../../../server/clusters/outer-engine.ts';
import { compareHttp, recordHttp } from './compare-http.ts';

const HELP = `npm run conformance:http -- --cluster NAME [--student]
npm run conformance:http -- --cluster NAME --record

Asks the Engine API of a fresh cluster (swarmlab cluster up NAME) everything that test/conformance/http/cases lists, and shows what a
real Swarm answered otherwise. The cluster is of no use for anything else afterwards. --student asks as a student, through the guard.
--record writes down what the engines of a real Swarm (cluster up --orchestrator swarm) answer, beneath the gateway; it wants root.
Ends with 0 when every answer is the same, 1 when not, 2 when it was called wrongly.
`;

/** The socket of the node's own engine, seen from outside through the node's first process. */
const ENGINE_SOCKET = 'run/swarmlab-engine/docker.sock';

/** `npm run conformance:http`. */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      cluster: { type: 'string' },
      student: { type: 'boolean' },
      record: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.help || values.cluster === undefined) {
    process.stdout.write(HELP);
    return values.help ? 0 : 2;
  }
  const { folder, record } = findCluster(values.cluster);
  if (values.record) {
    const pids = new Map<string, number>();
    for (const { name } of record.nodes) {
      const { State } = await outerEngine().getContainer(nodeOf(record, name).container).inspect();
      pids.set(name, State.Pid);
    }
    await recordHttp((machine) => `/proc/${pids.get(machine)}/root/${ENGINE_SOCKET}`);
    return 0;
  }
  const { compared, differences } = await compareHttp((machine) =>
    values.student ? folder.node(machine).dockerSocket : folder.node(machine).controlSocket,
  );
  for (const { asked, real, ours } of differences)
    process.stdout.write(`--- ${asked}\n  real ${real}\n  ours ${ours}\n`);
  process.stdout.write(`${compared - differences.length}/${compared} answers the same\n`);
  return differences.length === 0 ? 0 : 1;
}

process.exitCode = await main().catch(reportError);
