import { z } from 'zod';
import { TASK_STATES, type TaskState } from '../model/task-state.ts';
import type { AgentMessage } from './protocol.ts';

const genericResource = z.object({
  NamedResourceSpec: z.object({ Kind: z.string(), Value: z.string() }).optional(),
  DiscreteResourceSpec: z.object({ Kind: z.string(), Value: z.number() }).optional(),
});

const description = z.object({
  Hostname: z.string(),
  Platform: z.object({ Architecture: z.string(), OS: z.string() }),
  Resources: z.object({
    NanoCPUs: z.number(),
    MemoryBytes: z.number(),
    GenericResources: z.array(genericResource).optional(),
  }),
  Engine: z.object({
    EngineVersion: z.string(),
    Labels: z.record(z.string(), z.string()).optional(),
    Plugins: z.array(z.object({ Type: z.string(), Name: z.string() })),
  }),
  TLSInfo: z
    .object({ TrustRoot: z.string(), CertIssuerSubject: z.string(), CertIssuerPublicKey: z.string() })
    .optional(),
});

const port = z.object({
  Name: z.string().optional(),
  Protocol: z.enum(['tcp', 'udp', 'sctp']),
  TargetPort: z.number(),
  PublishedPort: z.number().optional(),
  PublishMode: z.enum(['ingress', 'host']),
});

/** A task's status as its node reports it. */
export const taskStatus = z.object({
  /** Times are compared as strings, which needs all nine digits. */
  Timestamp: z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/),
  State: z.enum(Object.keys(TASK_STATES) as [TaskState, ...TaskState[]]),
  Message: z.string(),
  Err: z.string().optional(),
  ContainerStatus: z.object({ ContainerID: z.string(), PID: z.number(), ExitCode: z.number() }).optional(),
  PortStatus: z.object({ Ports: z.array(port).optional() }),
});

const logMessage = z.object({
  taskId: z.string(),
  nodeId: z.string(),
  serviceId: z.string(),
  stream: z.enum(['stdout', 'stderr']),
  timestamp: z.string(),
  attributes: z.record(z.string(), z.string()),
  data: z.string(),
});

const agentMessage = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('hello'),
    nodeId: z.string(),
    description,
    address: z.string(),
    boot: z.string().optional(),
  }),
  z.object({ type: z.literal('heartbeat') }),
  z.object({ type: z.literal('description'), description }),
  z.object({ type: z.literal('task-status'), updates: z.array(z.object({ taskId: z.string(), status: taskStatus })) }),
  z.object({
    type: z.literal('log'),
    subscriptionId: z.string(),
    messages: z.array(logMessage),
    windowed: z.boolean().optional(),
  }),
  z.object({ type: z.literal('log-done'), subscriptionId: z.string(), error: z.string().optional() }),
]);

/** Checks what an agent sent; throws for anything that is no message of the protocol. */
export function parseAgentMessage(value: unknown): AgentMessage {
  return agentMessage.parse(value);
}
