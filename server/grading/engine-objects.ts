import { z } from 'zod';

/**
 * The Engine API's objects (1.45), as far as grading reads them. Every field that a manager may leave out is optional here, so that no
 * answer of a real engine is refused.
 */
const list = <Item extends z.ZodType>(item: Item) =>
  z
    .array(item)
    .nullish()
    .transform((items) => items ?? []);
const strings = z
  .record(z.string(), z.string())
  .nullish()
  .transform((values) => values ?? {});
const meta = { ID: z.string(), CreatedAt: z.string().optional(), UpdatedAt: z.string().optional() };

const portSchema = z.object({
  Protocol: z.string().default('tcp'),
  TargetPort: z.number(),
  PublishedPort: z.number().default(0),
  PublishMode: z.string().default('ingress'),
});

const fileReference = z.object({ File: z.object({ Name: z.string() }).nullish() });

const containerSpecSchema = z.object({
  Image: z.string().default(''),
  Command: list(z.string()),
  Args: list(z.string()),
  Env: list(z.string()),
  Labels: strings,
  Hostname: z.string().optional(),
  User: z.string().optional(),
  Dir: z.string().optional(),
  StopSignal: z.string().optional(),
  StopGracePeriod: z.number().optional(),
  Init: z.boolean().nullish(),
  ReadOnly: z.boolean().optional(),
  Healthcheck: z.object({ Test: list(z.string()) }).nullish(),
  Mounts: list(
    z.object({
      Type: z.string(),
      Source: z.string().default(''),
      Target: z.string(),
      ReadOnly: z.boolean().optional(),
    }),
  ),
  Secrets: list(fileReference.extend({ SecretName: z.string() })),
  Configs: list(fileReference.extend({ ConfigName: z.string() })),
});

const amounts = z.object({ NanoCPUs: z.number().optional(), MemoryBytes: z.number().optional() }).nullish();

const taskTemplateSchema = z.object({
  ContainerSpec: containerSpecSchema.optional(),
  Resources: z.object({ Limits: amounts, Reservations: amounts }).nullish(),
  RestartPolicy: z
    .object({
      Condition: z.string().optional(),
      Delay: z.number().optional(),
      MaxAttempts: z.number().optional(),
      Window: z.number().optional(),
    })
    .nullish(),
  Placement: z
    .object({
      Constraints: list(z.string()),
      Preferences: list(z.object({ Spread: z.object({ SpreadDescriptor: z.string() }).nullish() })),
      MaxReplicas: z.number().optional(),
    })
    .nullish(),
  Networks: list(z.object({ Target: z.string(), Aliases: list(z.string()) })),
  ForceUpdate: z.number().default(0),
});

const updateConfigSchema = z
  .object({
    Parallelism: z.number().default(1),
    Delay: z.number().default(0),
    FailureAction: z.string().default('pause'),
    Monitor: z.number().default(0),
    MaxFailureRatio: z.number().default(0),
    Order: z.string().default('stop-first'),
  })
  .nullish();

const serviceSpecSchema = z.object({
  Name: z.string(),
  Labels: strings,
  TaskTemplate: taskTemplateSchema,
  Mode: z.object({
    Replicated: z.object({ Replicas: z.number().default(1) }).nullish(),
    Global: z.object({}).nullish(),
    ReplicatedJob: z
      .object({ MaxConcurrent: z.number().default(1), TotalCompletions: z.number().default(1) })
      .nullish(),
    GlobalJob: z.object({}).nullish(),
  }),
  UpdateConfig: updateConfigSchema,
  RollbackConfig: updateConfigSchema,
  EndpointSpec: z.object({ Mode: z.string().default('vip'), Ports: list(portSchema) }).nullish(),
});

export const serviceSchema = z.object({
  ...meta,
  Spec: serviceSpecSchema,
  PreviousSpec: serviceSpecSchema.nullish(),
  Endpoint: z
    .object({
      Ports: list(portSchema),
      VirtualIPs: list(z.object({ NetworkID: z.string(), Addr: z.string().default('') })),
    })
    .nullish(),
  UpdateStatus: z
    .object({
      State: z.string().default(''),
      Message: z.string().default(''),
      StartedAt: z.string().nullish(),
      CompletedAt: z.string().nullish(),
    })
    .nullish(),
  JobStatus: z.object({ JobIteration: z.object({ Index: z.number().default(0) }).nullish() }).nullish(),
});
export type Service = z.infer<typeof serviceSchema>;

export const taskSchema = z.object({
  ...meta,
  ServiceID: z.string().default(''),
  Slot: z.number().optional(),
  NodeID: z.string().default(''),
  Spec: taskTemplateSchema,
  DesiredState: z.string(),
  Status: z.object({
    State: z.string(),
    Timestamp: z.string().optional(),
    Message: z.string().default(''),
    Err: z.string().default(''),
    ContainerStatus: z.object({ ContainerID: z.string().default(''), ExitCode: z.number().default(0) }).nullish(),
  }),
  NetworksAttachments: list(z.object({ Network: z.object({ ID: z.string() }).nullish(), Addresses: list(z.string()) })),
  JobIteration: z.object({ Index: z.number().default(0) }).nullish(),
});
export type Task = z.infer<typeof taskSchema>;

export const nodeSchema = z.object({
  ...meta,
  Spec: z.object({ Role: z.string(), Availability: z.string(), Labels: strings }),
  Description: z.object({ Hostname: z.string().default('') }).nullish(),
  Status: z.object({ State: z.string(), Message: z.string().default(''), Addr: z.string().default('') }),
  ManagerStatus: z.object({ Leader: z.boolean().default(false), Reachability: z.string().default('') }).nullish(),
});
export type SwarmNode = z.infer<typeof nodeSchema>;

export const networkSchema = z.object({
  Id: z.string(),
  Name: z.string(),
  Scope: z.string(),
  Driver: z.string(),
  Attachable: z.boolean().default(false),
  Internal: z.boolean().default(false),
  Ingress: z.boolean().default(false),
  Labels: strings,
  Options: strings,
  IPAM: z
    .object({ Config: list(z.object({ Subnet: z.string().default(''), Gateway: z.string().default('') })) })
    .nullish(),
  Peers: list(z.object({ Name: z.string(), IP: z.string() })),
  Containers: z.record(z.string(), z.object({ Name: z.string().default('') })).nullish(),
});
export type Network = z.infer<typeof networkSchema>;

export const secretSchema = z.object({ ...meta, Spec: z.object({ Name: z.string(), Labels: strings }) });
export type Secret = z.infer<typeof secretSchema>;

export const configSchema = z.object({
  ...meta,
  Spec: z.object({ Name: z.string(), Labels: strings, Data: z.string().nullish() }),
});
export type Config = z.infer<typeof configSchema>;

export const swarmSchema = z.object({
  ...meta,
  Spec: z.object({
    Orchestration: z.object({ TaskHistoryRetentionLimit: z.number().default(5) }).nullish(),
    Dispatcher: z.object({ HeartbeatPeriod: z.number().default(0) }).nullish(),
    CAConfig: z.object({ NodeCertExpiry: z.number().default(0) }).nullish(),
    EncryptionConfig: z.object({ AutoLockManagers: z.boolean().default(false) }).nullish(),
    Raft: z.object({ SnapshotInterval: z.number().default(0) }).nullish(),
    Labels: strings,
  }),
  DefaultAddrPool: list(z.string()),
  RootRotationInProgress: z.boolean().default(false),
  JoinTokens: z.object({ Worker: z.string(), Manager: z.string() }).nullish(),
});
export type Swarm = z.infer<typeof swarmSchema>;

export const containerSchema = z.object({
  Id: z.string(),
  Names: list(z.string()),
  Image: z.string().default(''),
  State: z.string(),
  Status: z.string().default(''),
  Labels: strings,
});
export type Container = z.infer<typeof containerSchema>;

export const imageSchema = z.object({ Id: z.string(), RepoTags: list(z.string()), RepoDigests: list(z.string()) });
export type Image = z.infer<typeof imageSchema>;

export const messageSchema = z.object({ message: z.string() });
