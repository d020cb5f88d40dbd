import { announcement } from '../state/announcer.ts';

/** Where screen readers listen. The same words twice are told twice: an invisible space makes them different. */
export function LiveRegions() {
  const { text, urgent, number } = announcement.value;
  const words = text === '' ? '' : `${text}${number % 2 === 0 ? '' : '\u00a0'}`;
  return (
    <>
      <div class="visually-hidden live-region" role="status" aria-live="polite">
        {urgent ? '' : words}
      </div>
      <div class="visually-hidden live-region" role="alert" aria-live="assertive">
        {urgent ? words : ''}
      </div>
    </>
  );
}
