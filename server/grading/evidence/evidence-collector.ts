import { readFileSync } from 'node:fs';
import { parseTimestamp } from '../../clock/clock.ts';
import type { Lab } from '../../labs/lab.ts';
import type { Variables } from '../../labs/template.ts';
import type { GradingCluster } from '../grading-cluster.ts';
import type { GradeReport } from '../report/grade-report.ts';
import { ClusterUnreachable } from '../verdict.ts';
import type { WitnessedRequest } from '../witnessed-request.ts';
import { Blobs } from './blobs.ts';
import type { Evidence, StepRecord } from './evidence-schema.ts';
import { StepEvidence } from './step-evidence.ts';
import { takeEngines, takeEvents, takeState } from './surroundings.ts';

/** Collects the evidence of one grading, step by step. */
export class EvidenceCollector {
  readonly #blobs = new Blobs();
  readonly #steps: StepRecord[] = [];
  #before: Record<string, unknown> = {};

  /** Keeps what the cluster is before anything is done. */
  async open(cluster: GradingCluster): Promise<void> {
    this.#before = await takeState(cluster);
  }

  /** Begins to keep what is seen of a step. */
  begin(id: string, variables: Variables, requestsAfter: Readonly<Record<string, number>>): StepEvidence {
    return new StepEvidence(id, variables, requestsAfter, this.#blobs);
  }

  /** The step is judged. */
  finish(step: StepEvidence, answers: Readonly<Record<string, readonly string[]>>): void {
    this.#steps.push(step.toRecord(answers));
  }

  /** The whole, once the report is written. `version` is swarmlab's own. */
  async complete(lab: Lab, cluster: GradingCluster, report: GradeReport, version: string): Promise<Evidence> {
    return {
      version: 1,
      swarmlab: version,
      node: process.version,
      lab: { file: lab.file, hash: lab.hash, source: readFileSync(lab.file, 'utf8') },
      report,
      cluster: {
        nodes: [...cluster.nodes],
        can: { exec: cluster.exec !== undefined, requests: cluster.requests !== undefined },
      },
      engines: await takeEngines(cluster),
      before: this.#before,
      after: await takeState(cluster),
      events: await takeEvents(cluster, inSeconds(report.started), inSeconds(report.finished)),
      steps: this.#steps,
      requests: await allRequests(cluster),
      blobs: this.#blobs.toRecord(),
    };
  }
}

/** A time as the Engine API takes it. */
const inSeconds = (timestamp: string) => (parseTimestamp(timestamp) / 1000).toFixed(3);

async function allRequests({ requests, nodes }: GradingCluster): Promise<Record<string, WitnessedRequest[]>> {
  if (requests === undefined) return {};
  const entries = await Promise.all(
    nodes.map(async ({ name }) => {
      try {
        return [name, await requests(name, 0)] as const;
      } catch (error) {
        if (error instanceof ClusterUnreachable) return [name, []] as const;
        throw error;
      }
    }),
  );
  return Object.fromEntries(entries);
}
