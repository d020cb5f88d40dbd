import { readFileSync } from 'node:fs';

/** The name of a running process (at most 15 characters, as the kernel keeps it); undefined when there is none of that ID. */
export function processName(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch {
    return undefined;
  }
}
