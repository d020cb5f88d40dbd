import { signal } from '@preact/signals';

/** What screen readers are told next; see LiveRegions. The number makes the same words news again. */
export const announcement = signal<{ text: string; urgent: boolean; number: number }>({
  text: '',
  urgent: false,
  number: 0,
});

/** Says something to whoever cannot see it happen. */
export function announce(text: string, options: { urgent?: boolean } = {}): void {
  announcement.value = { text, urgent: options.urgent ?? false, number: announcement.peek().number + 1 };
}
