import type { LogStream, LogsQuery } from '../../orchestrator/api/control-api.ts';
import { ControlError } from '../../orchestrator/api/control-error.ts';
import type { LogMessage } from '../../orchestrator/dispatcher/protocol.ts';
import { flag, queryEscape } from '../http/go-values.ts';
import { compareVersions } from './api-version.ts';
import type { Call } from './call.ts';

const STREAM = { stdout: 1, stderr: 2, error: 3 } as const;

/** The query of a logs request, as the control API takes it. Throws Docker's refusal of one that wants no stream at all. */
export function logsQuery(query: URLSearchParams): LogsQuery {
  if (!flag(query.get('stdout')) && !flag(query.get('stderr')))
    throw new ControlError(500, 'Bad parameters: you must choose at least one stream');
  return {
    stdout: flag(query.get('stdout')),
    stderr: flag(query.get('stderr')),
    follow: flag(query.get('follow')),
    since: query.get('since') ?? undefined,
    until: query.get('until') ?? undefined,
    tail: query.get('tail') ?? undefined,
  };
}

/**
 * Answers with the lines of a service or task, each in a frame of its own: `[stream, 0, 0, 0, length as 4 bytes]` and the line. A
 * task with a terminal has one stream only, without frames. The head goes out at once, long before the first line may come.
 */
export async function answerLogs(call: Call, open: (signal: AbortSignal) => LogStream): Promise<undefined> {
  const { res, query, version } = call;
  const gone = new AbortController();
  res.on('close', () => gone.abort());
  const { tty, messages } = open(gone.signal);
  const multiplexed = !tty && compareVersions(version, '1.42') >= 0;
  res.writeHead(200, {
    'content-type': `application/vnd.docker.${multiplexed ? 'multiplexed' : 'raw'}-stream`,
  });
  res.flushHeaders();
  const frame = tty ? (_: number, payload: Buffer) => payload : frameOf;
  const options = { timestamps: flag(query.get('timestamps')), details: flag(query.get('details')) };
  try {
    for await (const message of messages) {
      const more = res.write(frame(STREAM[message.stream], payloadOf(message, options)));
      if (!more) await drained(call, gone.signal);
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (!gone.signal.aborted) res.write(frame(STREAM.error, Buffer.from(`Error grabbing logs: ${reason}\n`)));
  }
  res.end();
}

/** A frame of Docker's multiplexed stream. */
function frameOf(stream: number, payload: Buffer): Buffer {
  const frame = Buffer.allocUnsafe(8 + payload.length);
  frame.writeUInt32BE(stream << 24, 0);
  frame.writeUInt32BE(payload.length, 4);
  payload.copy(frame, 8);
  return frame;
}

function payloadOf(message: LogMessage, options: { timestamps: boolean; details: boolean }): Buffer {
  const line = Buffer.from(message.data, 'base64');
  const prefix = `${options.timestamps ? `${message.timestamp} ` : ''}${options.details ? `${detailsOf(message)} ` : ''}`;
  return prefix === '' ? line : Buffer.concat([Buffer.from(prefix), line]);
}

/** Where a line comes from, which the CLI reads, and what `--log-opt labels/env` adds. The swarm's own keys win. */
function detailsOf(message: LogMessage): string {
  const attributes = {
    ...message.attributes,
    'com.docker.swarm.node.id': message.nodeId,
    'com.docker.swarm.service.id': message.serviceId,
    'com.docker.swarm.task.id': message.taskId,
  };
  return Object.entries(attributes)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${queryEscape(key)}=${queryEscape(value)}`)
    .join(',');
}

function drained({ res }: Call, gone: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      res.off('drain', finish);
      gone.removeEventListener('abort', finish);
      resolve();
    };
    res.once('drain', finish);
    gone.addEventListener('abort', finish);
    if (gone.aborted) finish();
  });
}
