import { labelOf } from '../constraints/constraint.ts';
import type { Placement } from '../model/specs.ts';
import type { NodeInfo } from './node-info.ts';
import { assignToNodes, type TaskGroup } from './placement.ts';

/** Nodes that share the labels tasks are to be spread over, level by level. */
interface Branch {
  /** Tasks of the service below. */
  tasks: number;
  readonly branches: Map<string, Branch>;
  readonly nodes: NodeInfo[];
}

/** The labels that the preferences spread over, outermost first; descriptors Swarm does not know are left out. */
export function spreadLabels(placement: Placement | undefined): string[] {
  const descriptors = (placement?.Preferences ?? []).map((preference) => preference.Spread?.SpreadDescriptor ?? '');
  return descriptors.filter((descriptor) => /^(node|engine)\.labels\../i.test(descriptor));
}

/** Assigns tasks of the group evenly over the values of the labels, and below the last one as if there were no preference. */
export function assignBySpread(
  group: TaskGroup,
  serviceId: string,
  labels: readonly string[],
  nodes: Iterable<NodeInfo>,
): number {
  const root = newBranch();
  for (const info of nodes) {
    let branch = root;
    branch.tasks += info.serviceTasks(serviceId);
    for (const label of labels) {
      const value = labelOf(label, info.node) ?? '';
      let next = branch.branches.get(value);
      if (next === undefined) {
        next = newBranch();
        branch.branches.set(value, next);
      }
      branch = next;
      branch.tasks += info.serviceTasks(serviceId);
    }
    branch.nodes.push(info);
  }
  return assignToBranch(group, root, group.waiting.left);
}

function newBranch(): Branch {
  return { tasks: 0, branches: new Map(), nodes: [] };
}

function assignToBranch(group: TaskGroup, branch: Branch, count: number): number {
  if (branch.branches.size === 0) {
    const fitting = branch.nodes.filter((info) => group.pipeline.process(info)).sort(group.order);
    return assignToNodes(group, fitting, count);
  }
  const usable = new Map([...branch.branches].sort(([a], [b]) => (a < b ? -1 : 1)));
  let assigned = 0;
  while (assigned < count && usable.size > 0) {
    const remaining = count - assigned;
    const total = [...usable.values()].reduce((sum, below) => sum + below.tasks, remaining);
    const level = Math.floor(total / usable.size);
    let extra = total % usable.size;
    for (const [value, below] of [...usable]) {
      const wanted = level - below.tasks + (extra > 0 ? 1 : 0);
      if (wanted <= 0) continue;
      const got = assignToBranch(group, below, wanted);
      assigned += got;
      if (got < wanted) usable.delete(value);
      else {
        below.tasks += got;
        if (extra > 0) extra--;
      }
    }
  }
  return assigned;
}
