/** A line that a task wrote. */
export interface LogLine {
  stream: 'stdout' | 'stderr';
  /** The task that wrote it, when the log tells. */
  task: string | undefined;
  text: string;
}

const HEADER_BYTES = 8;

/**
 * Reads the Engine API's multiplexed log stream: frames of one byte stream (1 stdout, 2 stderr), three empty ones, the length in four
 * big-endian bytes, then the line. With `details`, service logs put `com.docker.swarm.task.id=...` and others before the line.
 */
export function readLogStream(bytes: Buffer): LogLine[] {
  const lines: LogLine[] = [];
  for (let at = 0; at + HEADER_BYTES <= bytes.length; ) {
    const stream = bytes[at] === 2 ? 'stderr' : 'stdout';
    const length = bytes.readUInt32BE(at + 4);
    const start = at + HEADER_BYTES;
    const raw = bytes.toString('utf8', start, Math.min(bytes.length, start + length)).replace(/\n$/, '');
    const details = /^(\S*com\.docker\.swarm\.task\.id=([a-z0-9]+)\S*) /.exec(raw);
    lines.push({ stream, task: details?.[2], text: details === null ? raw : raw.slice(details[0].length) });
    at = start + length;
  }
  return lines;
}
