import { z } from 'zod';
import type { ManagerMessage } from '../../orchestrator/dispatcher/protocol.ts';
import { TASK_STATES, type TaskState } from '../../orchestrator/model/task-state.ts';

/**
 * What comes from the manager is checked as far as this node depends on it. Specs are the manager's to validate, and it has: they
 * are passed on to the engine as they are, which looks at them once more.
 */
const state = z.enum(Object.keys(TASK_STATES) as [TaskState, ...TaskState[]]);
const id = z.string().regex(/^[0-9a-z]+$/);
const ids = z.array(id);

const task = z.looseObject({
  ID: id,
  Spec: z.looseObject({ ContainerSpec: z.looseObject({}).optional() }),
  ServiceID: z.string(),
  DesiredState: state,
  Status: z.looseObject({ State: state, Timestamp: z.string(), Message: z.string(), PortStatus: z.looseObject({}) }),
  attachments: z.array(
    z.object({ networkId: z.string(), addresses: z.array(z.string()), aliases: z.array(z.string()) }),
  ),
  serviceName: z.string(),
  serviceLabels: z.record(z.string(), z.string()),
  global: z.boolean(),
});

const dependency = z.looseObject({ ID: id, Spec: z.looseObject({ Name: z.string(), Data: z.string().optional() }) });

const network = z.looseObject({
  nodeId: z.string(),
  overlays: z.array(z.looseObject({ id: z.string(), subnet: z.string(), vni: z.number() })),
  published: z.array(z.looseObject({ publishedPort: z.number(), targetPort: z.number() })),
});

const subscription = z.object({
  id: z.string(),
  taskIds: ids,
  serviceIds: ids,
  options: z.object({
    stdout: z.boolean(),
    stderr: z.boolean(),
    follow: z.boolean(),
    since: z.string().optional(),
    tail: z.number().int(),
  }),
});

const managerMessage = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('session'),
    sessionId: z.string(),
    node: z.looseObject({ ID: id }),
    heartbeatPeriod: z.number().positive(),
  }),
  z.object({ type: z.literal('heartbeat-ack'), period: z.number().positive() }),
  z.object({
    type: z.literal('assignments'),
    mode: z.enum(['complete', 'incremental']),
    changes: z.object({
      tasks: z.array(task),
      secrets: z.array(dependency),
      configs: z.array(dependency),
      removedTasks: ids,
      removedSecrets: ids,
      removedConfigs: ids,
    }),
  }),
  z.object({ type: z.literal('network'), state: network }),
  z.object({ type: z.literal('subscribe'), subscription }),
  z.object({ type: z.literal('unsubscribe'), subscriptionId: z.string() }),
  z.object({ type: z.literal('log-taken'), subscriptionId: z.string(), bytes: z.number().nonnegative() }),
  z.object({ type: z.literal('left'), reason: z.string() }),
]);

/** Checks what a manager sent; throws for anything that is no message of the protocol. */
export function parseManagerMessage(value: unknown): ManagerMessage {
  return managerMessage.parse(value) as unknown as ManagerMessage;
}
