import type {
  ContainerInspect,
  ContainerLogLine,
  ContainerLogOptions,
  ContainerSummary,
  Engine,
  EngineEvent,
  EngineInfo,
} from './engine.ts';
import { EngineError } from './engine.ts';
import { EngineDialer } from './engine-dialer.ts';
import { jsonLines } from './json-lines.ts';
import { framedMessages, parseLogMessage, rawLines } from './log-stream.ts';

const RAW_STREAM = 'application/vnd.docker.raw-stream';

/** A node's dockerd behind its unix socket. The engine's answers are taken as the Engine API 1.45 describes them. */
export class DockerEngine implements Engine {
  readonly #dialer: EngineDialer;

  constructor(socketPath: string) {
    this.#dialer = new EngineDialer(socketPath);
  }

  async info(): Promise<EngineInfo> {
    return (await this.#get('/info')) as EngineInfo;
  }

  async pullImage(reference: string, options: { auth?: string; signal?: AbortSignal }): Promise<void> {
    const stream = await this.#dialer.stream({
      method: 'POST',
      path: '/images/create',
      query: { fromImage: withTag(reference) },
      headers: options.auth === undefined ? {} : { 'X-Registry-Auth': options.auth },
      signal: options.signal,
    });
    // A pull answers 200 before it begins; that it failed stands in its last line.
    for await (const line of jsonLines(stream)) {
      if (isObject(line) && typeof line.error === 'string') throw new EngineError(500, line.error);
    }
  }

  async createContainer(name: string, body: Record<string, unknown>): Promise<{ Id: string; Warnings: string[] }> {
    const answer = await this.#dialer.json({ method: 'POST', path: '/containers/create', query: { name }, body });
    const { Id, Warnings } = answer as { Id: string; Warnings: string[] | null };
    return { Id, Warnings: Warnings ?? [] };
  }

  async startContainer(id: string): Promise<void> {
    await this.#post(`/containers/${id}/start`);
  }

  async stopContainer(id: string, timeoutSeconds?: number): Promise<void> {
    await this.#post(`/containers/${id}/stop`, timeoutSeconds === undefined ? {} : { t: timeoutSeconds });
  }

  async removeContainer(id: string, options: { force: boolean; volumes: boolean }): Promise<void> {
    await this.#dialer.json({
      method: 'DELETE',
      path: `/containers/${id}`,
      query: { force: options.force, v: options.volumes },
    });
  }

  async inspectContainer(id: string): Promise<ContainerInspect> {
    return (await this.#get(`/containers/${id}/json`)) as ContainerInspect;
  }

  async listContainers(options: { all: boolean; labels?: string[] }): Promise<ContainerSummary[]> {
    const filters = JSON.stringify({ label: options.labels ?? [] });
    return (await this.#get('/containers/json', { all: options.all, filters })) as ContainerSummary[];
  }

  async putArchive(id: string, path: string, tar: Uint8Array): Promise<void> {
    await this.#dialer.json({ method: 'PUT', path: `/containers/${id}/archive`, query: { path }, body: tar });
  }

  async *containerLogs(id: string, options: ContainerLogOptions): AsyncIterable<ContainerLogLine> {
    const { stdout, stderr, follow, since, tail, signal } = options;
    const stream = await this.#dialer.stream({
      method: 'GET',
      path: `/containers/${id}/logs`,
      query: {
        stdout,
        stderr,
        follow,
        timestamps: true,
        details: true,
        ...(since !== undefined && { since: since.toFixed(9) }),
        ...(tail !== undefined && { tail }),
      },
      signal,
    });
    const messages = stream.headers['content-type'] === RAW_STREAM ? rawLines(stream) : framedMessages(stream);
    try {
      for await (const { stream: source, message } of messages) yield parseLogMessage(source, message);
    } catch (error) {
      if (!signal?.aborted) throw error;
    }
  }

  async createVolume(body: Record<string, unknown>): Promise<void> {
    await this.#post('/volumes/create', {}, body);
  }

  async listNetworks(): Promise<Record<string, unknown>[]> {
    return (await this.#get('/networks')) as Record<string, unknown>[];
  }

  async createNetwork(body: Record<string, unknown>): Promise<{ Id: string }> {
    return (await this.#post('/networks/create', {}, body)) as { Id: string };
  }

  async removeNetwork(id: string): Promise<void> {
    await this.#dialer.json({ method: 'DELETE', path: `/networks/${id}` });
  }

  async connectNetwork(id: string, body: Record<string, unknown>): Promise<void> {
    await this.#post(`/networks/${id}/connect`, {}, body);
  }

  async disconnectNetwork(id: string, body: Record<string, unknown>): Promise<void> {
    await this.#post(`/networks/${id}/disconnect`, {}, body);
  }

  async inspectNetwork(id: string): Promise<Record<string, unknown>> {
    return (await this.#get(`/networks/${id}`)) as Record<string, unknown>;
  }

  async *events(signal: AbortSignal): AsyncIterable<EngineEvent> {
    const filters = JSON.stringify({ type: ['container'] });
    const stream = await this.#dialer.stream({ method: 'GET', path: '/events', query: { filters }, signal });
    try {
      for await (const event of jsonLines(stream)) yield event as EngineEvent;
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  #get(path: string, query: Record<string, string | number | boolean> = {}): Promise<unknown> {
    return this.#dialer.json({ method: 'GET', path, query });
  }

  #post(path: string, query: Record<string, string | number | boolean> = {}, body = {}): Promise<unknown> {
    return this.#dialer.json({ method: 'POST', path, query, body });
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** `nginx` means `nginx:latest`; without a tag the engine would pull every one there is. */
function withTag(reference: string): string {
  const name = reference.slice(reference.lastIndexOf('/') + 1);
  return name.includes(':') || name.includes('@') ? reference : `${reference}:latest`;
}
