import { dismissNotice, notice } from '../state/notice.ts';
import { Icon } from './icon.tsx';
import './notice-bar.css';

/** The message at the edge of the page. What it says is announced by whoever shows it. */
export function NoticeBar() {
  const shown = notice.value;
  if (shown === undefined) return null;
  return (
    <div class={`notice notice-${shown.tone}`}>
      <Icon name={shown.tone === 'problem' ? 'alert' : 'check'} />
      <p>
        <strong>{shown.text}</strong> {shown.next}
      </p>
      <button type="button" class="quiet" onClick={dismissNotice} aria-label="Dismiss message">
        <Icon name="cross" />
      </button>
    </div>
  );
}
