import { EngineUnreachable } from '../../engine/engine.ts';
import type { Task, TaskStatus } from '../../orchestrator/model/objects.ts';
import { compareStates, isTerminal, type TaskState } from '../../orchestrator/model/task-state.ts';
import { MissingAttachments } from '../node-network.ts';
import type { TaskController } from './task-controller.ts';

export type StepResult =
  /** The step ended, well or not, and this is the task's status now. */
  | { kind: 'changed'; status: TaskStatus }
  /** Nothing to do until the manager wants something else. */
  | { kind: 'parked' }
  /** The engine is away for the moment; `status` tells. */
  | { kind: 'retry'; status: TaskStatus }
  /** The step was cut short by the signal and changed nothing. */
  | { kind: 'cancelled' };

export interface StepContext {
  controller: TaskController;
  signal: AbortSignal;
  /** Of the moment at which a status changes, not of the moment at which the step began. */
  timestamp: () => string;
}

/**
 * Does the one thing that brings a task closer to its desired state, and says what came of it. This is SwarmKit's `exec.Do`: the same
 * states in the same order, the same messages, and on failure the message of the state it failed in.
 */
export async function stepTask(task: Task, context: StepContext): Promise<StepResult> {
  const { Status: status, DesiredState: desired } = task;
  const { controller, signal } = context;
  if (compareStates(status.State, 'accepted') < 0) return changed(task, context, 'accepted', 'accepted');
  if (compareStates(desired, 'shutdown') >= 0) {
    if (isTerminal(status.State)) return { kind: 'parked' };
    return attempt(task, context, () => controller.shutdown(signal), 'shutdown', 'shutdown');
  }
  if (compareStates(status.State, desired) > 0) return { kind: 'parked' };
  switch (status.State) {
    case 'preparing':
      return attempt(task, context, () => controller.prepare(signal), 'ready', 'prepared');
    case 'starting':
      return attempt(task, context, () => controller.start(signal), 'running', 'started');
    case 'running':
      return attempt(task, context, () => controller.wait(signal), 'complete', 'finished');
  }
  if (compareStates(status.State, desired) >= 0) return { kind: 'parked' };
  if (status.State === 'accepted') return changed(task, context, 'preparing', 'preparing');
  if (status.State === 'ready') return changed(task, context, 'starting', 'starting');
  return { kind: 'parked' };
}

async function attempt(
  task: Task,
  context: StepContext,
  action: () => Promise<void>,
  state: TaskState,
  message: string,
): Promise<StepResult> {
  try {
    await action();
  } catch (error) {
    if (context.signal.aborted && !(error instanceof MissingAttachments)) return { kind: 'cancelled' };
    const text = error instanceof Error ? error.message : String(error);
    if (error instanceof EngineUnreachable) return { kind: 'retry', status: { ...task.Status, Err: text } };
    const failed = compareStates(task.Status.State, 'starting') < 0 ? 'rejected' : 'failed';
    return { kind: 'changed', status: { ...statusAt(task, context, failed, task.Status.Message), Err: text } };
  }
  return changed(task, context, state, message);
}

function changed(task: Task, context: StepContext, state: TaskState, message: string): StepResult {
  return { kind: 'changed', status: statusAt(task, context, state, message) };
}

function statusAt(task: Task, { controller, timestamp }: StepContext, state: TaskState, message: string): TaskStatus {
  const { Err: _cleared, appliedAt: _managers, ...before } = task.Status;
  const status: TaskStatus = { ...before, Timestamp: timestamp(), State: state, Message: message };
  if (compareStates(state, 'starting') < 0) return status;
  return { ...status, ContainerStatus: controller.containerStatus(), PortStatus: controller.portStatus() };
}
