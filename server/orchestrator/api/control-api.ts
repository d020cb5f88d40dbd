import type { LogMessage } from '../dispatcher/protocol.ts';
import type { EventStream } from '../events/event-stream.ts';
import type { TaskExplanation } from './explain.ts';

/** A JSON object as the Engine API gives it: only what Docker shows, in its order of keys, ready for `JSON.stringify`. */
export type ApiObject = Record<string, unknown>;

/** `filters` is the query parameter as it came: JSON text, either `{"key":{"value":true}}` or the old `{"key":["value"]}`. */
export interface ListQuery {
  filters?: string | undefined;
}

/** `version` is the query parameter as it came; what is no unsigned integer is refused with Go's own text. */
export interface VersionQuery {
  version?: string | undefined;
}

/** `?scope=` of GET /networks/NAME; only `swarm` and absence mean something to a swarm. */
export interface NetworkQuery {
  scope?: string | undefined;
}

export interface ServiceCreateOptions {
  /** The X-Registry-Auth header as it came. */
  registryAuth?: string | undefined;
}

export interface ServiceUpdateQuery extends VersionQuery, ServiceCreateOptions {
  registryAuthFrom?: string | undefined;
  rollback?: string | undefined;
}

export interface SwarmUpdateQuery extends VersionQuery {
  rotateWorkerToken?: boolean;
  rotateManagerToken?: boolean;
  rotateManagerUnlockKey?: boolean;
}

/** The query of GET /services/ID/logs and /tasks/ID/logs. */
export interface LogsQuery {
  stdout?: boolean;
  stderr?: boolean;
  follow?: boolean;
  /** Unix seconds with an optional fraction, as the client sent them. */
  since?: string | undefined;
  until?: string | undefined;
  /** `all`, nothing, or a number. */
  tail?: string | undefined;
}

/**
 * Lines of a service or task. Iterating ends when every node has given what it has (never with `follow`, unless aborted); when some
 * logs could not be had it throws at the end an Error whose message is what Docker prints behind "Error grabbing logs: ".
 */
export interface LogStream {
  /** Whether the task has a terminal: then the answer is a raw stream instead of a multiplexed one. */
  readonly tty: boolean;
  readonly messages: AsyncIterable<LogMessage>;
}

export interface ServicesApi {
  /** GET /services; with `status` each has its ServiceStatus. */
  list(query?: ListQuery & { status?: boolean }): ApiObject[];
  /** GET /services/ID. */
  get(id: string, query?: { insertDefaults?: boolean }): ApiObject;
  /** POST /services/create (201). */
  create(body: unknown, options?: ServiceCreateOptions): Promise<{ ID: string; Warnings: string[] | null }>;
  /** POST /services/ID/update, rollback included. */
  update(id: string, body: unknown, query: ServiceUpdateQuery): Promise<{ Warnings: string[] | null }>;
  remove(id: string): Promise<void>;
  logs(id: string, query: LogsQuery, signal: AbortSignal): LogStream;
}

export interface TasksApi {
  list(query?: ListQuery): ApiObject[];
  get(id: string): ApiObject;
  logs(id: string, query: LogsQuery, signal: AbortSignal): LogStream;
  /** Why the task is where it is, or why it is nowhere yet. Not part of the Engine API. */
  explain(id: string): TaskExplanation;
}

export interface NodesApi {
  list(query?: ListQuery): ApiObject[];
  get(id: string): ApiObject;
  update(id: string, body: unknown, query: VersionQuery): Promise<void>;
  remove(id: string, options?: { force?: boolean }): Promise<void>;
}

export interface ClusterApi {
  /** GET /swarm. */
  inspect(): ApiObject;
  update(body: unknown, query: SwarmUpdateQuery): Promise<void>;
  /** GET /swarm/unlockkey. */
  unlockKey(): { UnlockKey: string };
}

/**
 * Networks of swarm scope, as the manager's store has them (no containers, no peers): a node's own instance of one is presented by
 * the gateway, which also joins these with the node's local networks.
 */
export interface NetworksApi {
  /** Without the predefined mirrors of `bridge` and `host`. */
  list(query?: ListQuery): ApiObject[];
  get(id: string, query?: NetworkQuery): ApiObject;
  /** POST /networks/create of an overlay (201). The names of the node's local networks are `taken` too. */
  create(body: unknown, options?: { taken?: readonly string[] }): Promise<{ Id: string; Warning: string }>;
  remove(id: string): Promise<void>;
}

/** Secrets, and configs likewise: a secret's data is never given back, a config's is, in base64. */
export interface SecretsApi {
  list(query?: ListQuery): ApiObject[];
  get(id: string): ApiObject;
  /** POST …/create (201). */
  create(body: unknown): Promise<{ ID: string }>;
  update(id: string, body: unknown, query: VersionQuery): Promise<void>;
  remove(id: string): Promise<void>;
}

export type ConfigsApi = SecretsApi;

/**
 * The swarm part of the Engine API, as a manager answers it: bodies and answers are Docker's own JSON, query parameters come as
 * text, and every refusal is a ControlError with Docker's status and text. Writes resolve when they are durable.
 */
export interface ControlApi {
  readonly services: ServicesApi;
  readonly tasks: TasksApi;
  readonly nodes: NodesApi;
  readonly swarm: ClusterApi;
  readonly networks: NetworksApi;
  readonly secrets: SecretsApi;
  readonly configs: ConfigsApi;
  /** Events of scope `swarm`, with the last of the past for `since`. */
  readonly events: EventStream;
}
