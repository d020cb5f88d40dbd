import { formatTimestamp } from '../../clock/clock.ts';
import type { TaskSpec } from '../model/specs.ts';
import type { LogSelector } from '../swarm-parts.ts';
import type { LogStream, LogsQuery } from './control-api.ts';
import type { ControlContext } from './control-context.ts';
import { ControlError } from './control-error.ts';

/** Checks what was asked for and opens the stream. Throws Docker's refusals. */
export function openLogs(
  context: ControlContext,
  selector: LogSelector,
  template: TaskSpec,
  query: LogsQuery,
  signal: AbortSignal,
): LogStream {
  const { stdout = false, stderr = false, follow = false } = query;
  if (!stdout && !stderr) throw new ControlError(500, 'Bad parameters: you must choose at least one stream');
  if (template.ContainerSpec === undefined)
    throw new ControlError(500, 'error making log selector: logs only supported on container tasks');
  const since = parseSince(query.since);
  const options = { stdout, stderr, follow, tail: parseTail(query.tail), ...(since === undefined ? {} : { since }) };
  return {
    tty: template.ContainerSpec.TTY ?? false,
    messages: context.logs().subscribe(selector, options, signal),
  };
}

function parseTail(text: string | undefined): number {
  if (text === undefined || text === '' || text === 'all') return -1;
  if (!/^[+-]?\d+$/.test(text)) throw new ControlError(500, 'tail value must be a positive integer or "all"');
  if (Number(text) < 0) throw new ControlError(500, 'negative tail values not supported');
  return Number(text);
}

/** `since` in Unix seconds, with a fraction if need be; 0 and nothing mean from the beginning. */
function parseSince(text: string | undefined): string | undefined {
  if (text === undefined || text === '') return undefined;
  const [whole = '', ...fraction] = text.split('.');
  for (const part of [whole, ...(fraction.length > 0 ? [fraction.join('.')] : [])])
    if (!/^[+-]?\d+$/.test(part)) {
      const reason = `strconv.ParseInt: parsing ${JSON.stringify(part)}: invalid syntax`;
      throw new ControlError(500, `could not parse since timestamp: ${reason}`);
    }
  const seconds = Number(whole);
  const nanoseconds = (fraction[0] ?? '').slice(0, 9).padEnd(9, '0');
  if (seconds <= 0 && Number(nanoseconds) === 0) return undefined;
  return `${formatTimestamp(seconds * 1000).slice(0, 19)}.${nanoseconds}Z`;
}
