/** A timestamp as Go prints it: without the zeros at the end of its fraction, and without a fraction that is zero. */
export function goTime(timestamp: string): string {
  const [, seconds, fraction] = /^(.*)\.(\d+)Z$/.exec(timestamp) ?? [];
  if (seconds === undefined || fraction === undefined) return timestamp;
  const digits = fraction.replace(/0+$/, '');
  return digits === '' ? `${seconds}Z` : `${seconds}.${digits}Z`;
}
