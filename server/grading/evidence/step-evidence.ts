import type { Variables } from '../../labs/template.ts';
import type { GradingCluster } from '../grading-cluster.ts';
import type { Blobs } from './blobs.ts';
import type { LookRecord, StepRecord } from './evidence-schema.ts';
import { questionKey, recordAnswer } from './recorded-answer.ts';

/** Keeps what is seen in one look. */
export class LookWitness {
  readonly at: number;
  readonly #record: LookRecord;
  readonly #blobs: Blobs;

  constructor(at: number, blobs: Blobs) {
    this.at = at;
    this.#blobs = blobs;
    this.#record = { at, judgedAt: at, reads: {} };
  }

  get record(): LookRecord {
    return this.#record;
  }

  judgedAt(at: number): void {
    this.#record.judgedAt = at;
  }

  /** The cluster, with everything kept that it answers. */
  watching(cluster: GradingCluster): GradingCluster {
    const keep = (key: string) => (text: string) => {
      this.#record.reads[key] = this.#blobs.keep(text);
    };
    const { exec, requests } = cluster;
    return {
      name: cluster.name,
      orchestrator: cluster.orchestrator,
      nodes: cluster.nodes,
      get: (node, path) => recordAnswer(() => cluster.get(node, path), keep(questionKey.get(node, path))),
      getBytes: async (node, path) => {
        const key = questionKey.bytes(node, path);
        const answer = await recordAnswer(async () => {
          const { status, body } = await cluster.getBytes(node, path);
          return { status, body: body.toString('base64') };
        }, keep(key));
        return { status: answer.status, body: Buffer.from(answer.body, 'base64') };
      },
      execInContainer: (node, container, argv, limit) =>
        recordAnswer(
          () => cluster.execInContainer(node, container, argv, limit),
          keep(questionKey.execIn(node, container, argv)),
        ),
      onChange: (listener) => cluster.onChange(listener),
      ...(requests === undefined
        ? {}
        : {
            requests: (node, after) =>
              recordAnswer(() => requests(node, after), keep(questionKey.requests(node, after))),
          }),
      ...(exec === undefined
        ? {}
        : {
            exec: (node, command) =>
              recordAnswer(() => exec(node, command), keep(questionKey.exec(node, command.argv))),
          }),
    };
  }
}

/** Keeps what is seen of one step, look by look. */
export class StepEvidence {
  readonly #blobs: Blobs;
  readonly #record: Pick<StepRecord, 'id' | 'variables' | 'requestsAfter' | 'rounds'>;
  readonly #looks: { witness: LookWitness; into: LookRecord[] }[] = [];
  #absences: LookWitness | undefined;

  constructor(id: string, variables: Variables, requestsAfter: Readonly<Record<string, number>>, blobs: Blobs) {
    this.#blobs = blobs;
    this.#record = { id, variables: { ...variables }, requestsAfter: { ...requestsAfter }, rounds: [] };
  }

  absences(at: number): LookWitness {
    this.#absences = new LookWitness(at, this.#blobs);
    return this.#absences;
  }

  /** Begins a round of looking. */
  round(began: number, withinAtMost: number | undefined): { look(at: number): LookWitness } {
    const looks: LookRecord[] = [];
    this.#record.rounds.push({ began, ...(withinAtMost === undefined ? {} : { withinAtMost }), looks });
    return {
      look: (at) => {
        const witness = new LookWitness(at, this.#blobs);
        this.#looks.push({ witness, into: looks });
        return witness;
      },
    };
  }

  /** What was kept, with the answers that the student had given in the end. */
  toRecord(answers: Readonly<Record<string, readonly string[]>>): StepRecord {
    for (const { witness, into } of this.#looks.splice(0)) into.push(witness.record);
    return {
      ...this.#record,
      answers: Object.fromEntries(Object.entries(answers).map(([id, answer]) => [id, [...answer]])),
      ...(this.#absences === undefined ? {} : { absences: this.#absences.record }),
    };
  }
}
