import type { IncomingMessage } from 'node:http';
import { z } from 'zod';

const event = z.looseObject({ timeNano: z.number() });

/** One event of GET /events: its text as it came, and what is in it. */
export interface EventLine {
  text: string;
  event: z.infer<typeof event>;
}

/** The events of an answer as they come, one a line. Ends when the answer ends or breaks. */
export async function* eventLines(answer: IncomingMessage): AsyncGenerator<EventLine> {
  let rest = '';
  answer.setEncoding('utf8');
  try {
    for await (const chunk of answer as AsyncIterable<string>) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const text of lines) if (text.trim() !== '') yield { text, event: event.parse(JSON.parse(text)) };
    }
  } catch (error) {
    // A stream that breaks off has no more events to tell; one that cannot be read is a mistake.
    if (!answer.destroyed) throw error;
  }
}

/** The text of a changed event. Its time keeps the digits that a JavaScript number cannot hold. */
export function rewritten({ text }: EventLine, changed: Record<string, unknown>): string {
  const exact = /"timeNano":(\d+)/.exec(text)?.[1];
  const written = JSON.stringify(changed);
  return exact === undefined ? written : written.replace(/"timeNano":\d+/, `"timeNano":${exact}`);
}
