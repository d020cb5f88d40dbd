import type { CheckSource } from './lab.ts';

/** Whether a check passes because something is *not* there, so that an empty cluster passes it. */
export function isRemoval({ value }: Pick<CheckSource, 'value'>): boolean {
  if (value.already !== undefined) return false;
  return (
    ['absent', 'closed', 'silent'].some((field) => value[field] === true) ||
    ['count', 'running', 'replicas', 'lines'].some((field) => value[field] === 0) ||
    value.answers === 'nothing'
  );
}
