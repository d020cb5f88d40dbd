/**
 * A node's engine as the agent needs it: dockerd in the node (`DockerEngine`, over dockerode) or a simulated one
 * (`engine/simulator`). Bodies are the Engine API's own (v1.45).
 */
export interface Engine {
  info(): Promise<EngineInfo>;

  /** Pulls; rejects with the engine's own text. `auth` is the base64 X-Registry-Auth header. */
  pullImage(reference: string, options: { auth?: string; signal?: AbortSignal }): Promise<void>;

  /** `body` is POST /containers/create's. Rejects with EngineError (404 no such image, 409 name taken). */
  createContainer(name: string, body: Record<string, unknown>): Promise<{ Id: string; Warnings: string[] }>;
  startContainer(id: string): Promise<void>;
  /** Sends the stop signal and after `timeoutSeconds` (undefined: the container's own) SIGKILL. */
  stopContainer(id: string, timeoutSeconds?: number): Promise<void>;
  removeContainer(id: string, options: { force: boolean; volumes: boolean }): Promise<void>;
  inspectContainer(id: string): Promise<ContainerInspect>;
  listContainers(options: { all: boolean; labels?: string[] }): Promise<ContainerSummary[]>;
  /** Puts an uncompressed tar archive into a created container (secrets, configs). */
  putArchive(id: string, path: string, tar: Uint8Array): Promise<void>;
  /** Lines of both streams in the order in which the engine gives them, each with its newline if it had one. */
  containerLogs(id: string, options: ContainerLogOptions): AsyncIterable<ContainerLogLine>;

  createVolume(body: Record<string, unknown>): Promise<void>;
  listNetworks(): Promise<Record<string, unknown>[]>;
  createNetwork(body: Record<string, unknown>): Promise<{ Id: string }>;
  removeNetwork(id: string): Promise<void>;
  connectNetwork(id: string, body: Record<string, unknown>): Promise<void>;
  disconnectNetwork(id: string, body: Record<string, unknown>): Promise<void>;
  inspectNetwork(id: string): Promise<Record<string, unknown>>;

  /** Container events (create, start, die, oom, destroy, health_status: ...) from now on until the signal. */
  events(signal: AbortSignal): AsyncIterable<EngineEvent>;
}

export interface EngineInfo {
  Name: string;
  NCPU: number;
  MemTotal: number;
  Architecture: string;
  OSType: string;
  ServerVersion: string;
  Labels: string[] | null;
  Plugins: { Volume: string[] | null; Network: string[] | null; Authorization: string[] | null; Log: string[] | null };
}

export interface ContainerInspect {
  Id: string;
  Name: string;
  Created: string;
  State: {
    Status: 'created' | 'running' | 'paused' | 'restarting' | 'removing' | 'exited' | 'dead';
    Running: boolean;
    OOMKilled: boolean;
    Pid: number;
    ExitCode: number;
    Error: string;
    StartedAt: string;
    FinishedAt: string;
    Health?: { Status: 'none' | 'starting' | 'healthy' | 'unhealthy' };
  };
  Config: { Labels: Record<string, string>; Image: string; Tty: boolean };
  NetworkSettings: {
    Ports: Record<string, { HostIp: string; HostPort: string }[] | null> | null;
    Networks: Record<string, { NetworkID: string; EndpointID: string; IPAddress: string; MacAddress: string }>;
  };
}

export interface ContainerSummary {
  Id: string;
  Names: string[];
  Labels: Record<string, string>;
  State: string;
  NetworkSettings?: { Networks: Record<string, { NetworkID: string; IPAddress: string }> };
}

export interface ContainerLogOptions {
  stdout: boolean;
  stderr: boolean;
  follow: boolean;
  /** Unix seconds with fraction. */
  since?: number;
  /** Lines, or undefined for all. */
  tail?: number;
  signal?: AbortSignal;
}

export interface ContainerLogLine {
  stream: 'stdout' | 'stderr';
  /** RFC 3339 with nine fractional digits. */
  timestamp: string;
  line: Uint8Array;
  /** `--log-opt labels/env` attributes. */
  attributes: Record<string, string>;
}

export interface EngineEvent {
  Type: string;
  Action: string;
  Actor: { ID: string; Attributes: Record<string, string> };
  timeNano: number;
}

/** An answer of 400 and up: the status, and the engine's own message. */
export class EngineError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = 'EngineError';
    this.status = status;
  }
}

/** Nobody answered, or not to the end: the engine is down or just starting again. Whatever was asked may be asked again. */
export class EngineUnreachable extends Error {
  constructor(cause: Error) {
    super(`the node's engine does not answer: ${cause.message}`, { cause });
    this.name = 'EngineUnreachable';
  }
}
