import type { VerdictView } from '../../server/workspaces/view/workspace-view.ts';
import { Icon, type IconName } from '../ui/icon.tsx';
import { InlineCode } from './inline-code.tsx';
import './verdict-card.css';

interface Look {
  icon: IconName;
  word: string;
  tone: string;
}

const LOOKS: Record<VerdictView['outcome'], Look> = {
  pass: { icon: 'check', word: 'Passed', tone: 'good' },
  'not-yet': { icon: 'clock', word: 'Not yet', tone: 'waiting' },
  wrong: { icon: 'cross', word: 'Not so', tone: 'bad' },
  unobservable: { icon: 'eye', word: 'Cannot be seen here', tone: 'gone' },
  error: { icon: 'alert', word: 'Could not be graded', tone: 'gone' },
};

/** Nobody has asked yet, so nothing is wrong: it is only not there. */
const OPEN: Look = { icon: 'clock', word: 'Open', tone: 'gone' };

/** What one check found. `checked`: the student asked for it, so what is missing is told in full. */
export function VerdictCard({ verdict, checked }: { verdict: VerdictView; checked: boolean }) {
  const quiet = !checked && verdict.outcome === 'wrong';
  const look = quiet ? OPEN : LOOKS[verdict.outcome];
  const open = verdict.outcome !== 'pass';
  return (
    <li class={`verdict verdict-${look.tone}`}>
      <span class="verdict-icon">
        <Icon name={look.icon} />
      </span>
      <div class="verdict-words">
        <p class="verdict-title">
          <strong lang={verdict.language}>
            <InlineCode text={verdict.title ?? verdict.subject} />
          </strong>
          <span class="verdict-outcome">{look.word}</span>
        </p>
        {verdict.title !== undefined && <p class="verdict-subject">{verdict.subject}</p>}
        <dl>
          {open && <Row name="Expected" value={verdict.expected} />}
          <Row name="Observed" value={verdict.observed} />
          {!quiet && verdict.because !== undefined && <Row name="Because" value={verdict.because} />}
          {open && checked && verdict.next !== undefined && <Row name="Next" value={verdict.next} />}
        </dl>
      </div>
    </li>
  );
}

function Row({ name, value }: { name: string; value: string }) {
  return (
    <div class={`verdict-row verdict-${name.toLowerCase()}`}>
      <dt>{name}</dt>
      <dd>
        <InlineCode text={value} />
      </dd>
    </div>
  );
}
