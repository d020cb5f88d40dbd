import type { Disposable } from '../../clock/clock.ts';
import type { CommandResult, EngineAnswer, GradingCluster } from '../grading-cluster.ts';
import type { WitnessedRequest } from '../witnessed-request.ts';
import type { Evidence, LookRecord } from './evidence-schema.ts';
import { questionKey, repeatAnswer } from './recorded-answer.ts';

/** A cluster as it was in one look: it answers what it answered then, and nothing else. */
export function replayCluster(evidence: Evidence, look: LookRecord): GradingCluster {
  const { cluster, report, blobs } = evidence;
  const repeat = async <Value>(key: string): Promise<Value> => {
    const blob = look.reads[key];
    return repeatAnswer(blob === undefined ? undefined : blobs[blob]) as Value;
  };
  const nothing: Disposable = { dispose: () => {} };
  return {
    name: report.cluster.name,
    orchestrator: report.cluster.orchestrator,
    nodes: cluster.nodes,
    get: (node, path) => repeat<EngineAnswer>(questionKey.get(node, path)),
    getBytes: async (node, path) => {
      const answer = await repeat<{ status: number; body: string }>(questionKey.bytes(node, path));
      return { status: answer.status, body: Buffer.from(answer.body, 'base64') };
    },
    execInContainer: (node, container, argv) => repeat<CommandResult>(questionKey.execIn(node, container, argv)),
    onChange: () => nothing,
    ...(cluster.can.requests
      ? { requests: (node: string, after: number) => repeat<WitnessedRequest[]>(questionKey.requests(node, after)) }
      : {}),
    ...(cluster.can.exec
      ? {
          exec: (node: string, { argv }: { argv: readonly string[] }) =>
            repeat<CommandResult>(questionKey.exec(node, argv)),
        }
      : {}),
  };
}
