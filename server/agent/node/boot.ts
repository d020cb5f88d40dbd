import { readFileSync } from 'node:fs';

/** Which field of /proc/PID/stat it is, counted from behind the program's name, which may have anything in it. */
const START_TIME = 19;

/**
 * Tells one time that this machine was switched on from all others: by the start of its first process, which in a container comes and
 * goes with it, while agents may be replaced.
 */
export function bootOf(): string {
  const fields = readFileSync('/proc/1/stat', 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${fields[START_TIME]}`;
}
