import { signal } from '@preact/signals';
import { ApiError } from '../api/api-error.ts';
import { announce } from './announcer.ts';

export interface Notice {
  text: string;
  next?: string | undefined;
  tone: 'plain' | 'problem';
}

const SHOWN_FOR = 6000;

/** The message at the edge of the page, if any. */
export const notice = signal<Notice | undefined>(undefined);
let timer: ReturnType<typeof setTimeout> | undefined;

/** Shows a message for some seconds. */
export function showNotice(shown: Notice): void {
  clearTimeout(timer);
  notice.value = shown;
  announce([shown.text, shown.next].filter(Boolean).join(' '), { urgent: shown.tone === 'problem' });
  timer = setTimeout(() => {
    notice.value = undefined;
  }, SHOWN_FOR);
}

/** Takes the notice away before its time is over. */
export function dismissNotice(): void {
  clearTimeout(timer);
  notice.value = undefined;
}

/** Shows what went wrong. */
export function showProblem(error: unknown): void {
  if (error instanceof ApiError) showNotice({ text: error.message, next: error.next, tone: 'problem' });
  else showNotice({ text: error instanceof Error ? error.message : String(error), tone: 'problem' });
}
