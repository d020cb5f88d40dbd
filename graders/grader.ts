import { z } from 'zod';
import type { ClusterView } from '../server/grading/cluster-view.ts';
import type { Judgement } from '../server/grading/verdict.ts';
import { LabMistake } from '../server/labs/lab-mistake.ts';

/**
 * A kind of check. `fields` is what an author may write, its first key being the grader's name; `observe` reads what is needed from one
 * look at the cluster, `explain` judges it and finds the words. Observing may throw `Unobservable`.
 */
export interface GraderDefinition<Fields extends z.core.$ZodLooseShape, Seen> {
  name: string;
  /** What it is for, for the authors' page. */
  summary: string;
  /** A check as an author would write it, for the authors' page; it is parsed by a test. */
  example: string;
  /**
   * state: reads what managers and engines know, cheap enough to look again at each change. probe: does something on a node (a request,
   * a command); looked at once a second at most, and not again in the same grading once it passed.
   */
  cost: 'state' | 'probe';
  fields: Fields;
  observe(spec: z.output<z.ZodObject<Fields>>, view: ClusterView): Promise<Seen>;
  explain(spec: z.output<z.ZodObject<Fields>>, seen: Seen): Judgement;
}

/** A grader without its own types: what the registry keeps. */
export interface Grader {
  readonly name: string;
  readonly summary: string;
  readonly example: string;
  readonly cost: 'state' | 'probe';
  readonly fields: z.core.$ZodLooseShape;
  /** Judges one look; `value` is the check as the author wrote it, with names put in and without what all checks share. */
  judge(value: unknown, view: ClusterView): Promise<Judgement>;
}

/** Makes a grader of its definition: a check is parsed by the fields (LabMistake for one that does not fit) before anything is looked at. */
export function defineGrader<Fields extends z.core.$ZodLooseShape, Seen>(
  definition: GraderDefinition<Fields, Seen>,
): Grader {
  const schema = z.strictObject(definition.fields);
  const { name, summary, example, cost, fields } = definition;
  return {
    name,
    summary,
    example,
    cost,
    fields,
    async judge(value, view) {
      const parsed = schema.safeParse(value);
      // Names have been put in since the lab was read: a port may have turned out to be a word.
      if (!parsed.success) throw new LabMistake(`${name}: ${z.prettifyError(parsed.error)}`);
      const spec = parsed.data;
      return definition.explain(spec, await definition.observe(spec, view));
    },
  };
}
