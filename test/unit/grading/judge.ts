import { GRADERS } from '../../../graders/registry.ts';
import { ClusterView, type StudentRecord } from '../../../server/grading/cluster-view.ts';
import type { Judgement } from '../../../server/grading/verdict.ts';
import type { FakeCluster } from './fake-cluster.ts';

export const NOBODY: StudentRecord = { item: () => undefined, answer: () => undefined, requestsAfter: () => 0 };

/** One look of a grader at a cluster, long after anything happened there. */
export function judge(
  cluster: FakeCluster,
  check: Record<string, unknown>,
  student: StudentRecord = NOBODY,
): Promise<Judgement> {
  const grader = GRADERS.get(Object.keys(check)[0] ?? '');
  if (grader === undefined) throw new Error('the check names no grader');
  return grader.judge(check, new ClusterView(cluster, student, Date.UTC(2026, 0, 2)));
}
