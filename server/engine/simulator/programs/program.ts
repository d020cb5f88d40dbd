import type { Clock } from '../../../clock/clock.ts';
import type { ContainerFiles } from '../container-files.ts';
import type { ContainerUser } from '../container-user.ts';
import type { ProgramInput } from './input.ts';

/** What a simulated program sees of the machine it runs on. */
export interface ProgramContext {
  /** The program's name and its arguments. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly hostname: string;
  readonly user: ContainerUser;
  readonly clock: Clock;
  /** Aborted when the program is killed; it then comes to its end without another word. */
  readonly killed: AbortSignal;
  readonly network: ProgramNetwork;
  readonly input: ProgramInput;
  /** Whether the program's streams are a terminal. */
  readonly tty: boolean;
  /** The container's files. */
  files(): ContainerFiles;
  /** The program has asked for more memory than there is: whatever the kernel does then is done. */
  exhaustMemory(): void;
  stdout(text: string): void;
  stderr(text: string): void;
}

/** A program: prints, takes its time, and gives its exit code. */
export type Program = (context: ProgramContext) => Promise<number>;

/** An answer to an HTTP request inside the simulated network. */
export interface HttpAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** What is asked of a web server. */
export interface HttpRequest {
  method: string;
  path: string;
  /** What the client calls itself; empty when it does not say. */
  agent: string;
}

/** Answers requests to a port that a program listens on; `from` is the address that they come from, as the program sees it. */
export type HttpListener = (request: HttpRequest & { from: string }) => Promise<HttpAnswer>;

/** The simulated network as a program in one container sees it. */
export interface ProgramNetwork {
  /** Addresses of a name, or none if there is no such name; asks what the container's DNS would ask. */
  resolve(name: string): string[];
  /** The name server that `nslookup` prints. */
  readonly nameserver: string;
  /** Whether the address would answer a ping. */
  reaches(address: string): boolean;
  /** An HTTP request; rejects with `connection refused` or `timed out`. */
  request(address: string, port: number, request: HttpRequest): Promise<HttpAnswer>;
  /** Opens a port until the program ends; throws when it is taken. */
  listen(port: number, listener: HttpListener): void;
}

/** Waits, or less long if the program is killed meanwhile; gives whether it was. */
export function pause(context: Pick<ProgramContext, 'clock' | 'killed'>, milliseconds: number): Promise<boolean> {
  return new Promise((resolve) => {
    if (context.killed.aborted) return resolve(true);
    const timer = context.clock.after(milliseconds, () => {
      context.killed.removeEventListener('abort', onKill);
      resolve(false);
    });
    const onKill = () => {
      timer.dispose();
      resolve(true);
    };
    context.killed.addEventListener('abort', onKill, { once: true });
  });
}

/** Resolves when the program is killed: for programs that run until someone stops them. */
export function untilKilled(context: Pick<ProgramContext, 'killed'>): Promise<void> {
  return new Promise((resolve) => {
    if (context.killed.aborted) resolve();
    else context.killed.addEventListener('abort', () => resolve(), { once: true });
  });
}
