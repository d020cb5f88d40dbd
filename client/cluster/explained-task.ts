import { signal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import type { ExplainedTask } from '../../server/clusters/host/task-explanation.ts';
import type { TaskView } from '../../server/workspaces/view/cluster-view.ts';
import type { WorkspaceApi } from '../api/workspace-api.ts';
import { announce } from '../state/announcer.ts';

/** What the orchestrator says about a task, asked anew whenever its state changes; undefined until it has, or where it says nothing. */
export function useExplanation(api: WorkspaceApi, task: TaskView): ExplainedTask | undefined {
  const explained = useMemo(() => signal<ExplainedTask | undefined>(undefined), [task.id]);
  useEffect(() => {
    let over = false;
    const ask = async () => {
      try {
        const answer = await api.explain(task.id);
        if (over) return;
        if (explained.peek()?.summary !== answer.summary) announce(`${answer.name}: ${answer.summary}`);
        explained.value = answer;
      } catch {
        // A real Swarm gives no reasons, and a task may be gone: what the live view knows is shown all the same.
      }
    };
    void ask();
    return () => {
      over = true;
    };
  }, [task.id, task.state, task.desired, task.nodeId]);
  return explained.value;
}
