import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { announce } from '../state/announcer.ts';
import type { WorkspaceModel } from '../state/workspace-model.ts';
import { Icon } from '../ui/icon.tsx';
import { clockText, spokenAt } from './exam-clock.ts';
import './exam.css';

/** When so little is left it is shown in another colour. */
const SHORT = 10 * 60_000;

/** How much of an exam's time is left. When it is over one may go on, for practice. */
export function ExamTimer({ model }: { model: WorkspaceModel }) {
  const exam = model.lab.value?.exam;
  const endsAt = exam === undefined ? undefined : model.startedAt.value + exam.minutes * 60_000;
  const left = useSignal(0);
  useEffect(() => {
    if (endsAt === undefined) return;
    left.value = endsAt - Date.now();
    const timer = setInterval(() => {
      const now = endsAt - Date.now();
      const words = spokenAt(left.peek(), now);
      if (words !== undefined) announce(words, { urgent: now <= 0 });
      left.value = now;
    }, 1000);
    return () => clearInterval(timer);
  }, [endsAt]);
  if (endsAt === undefined) return null;
  const over = left.value <= 0;
  const tone = over ? 'exam-over' : left.value <= SHORT ? 'exam-short' : '';
  return (
    <span class={`exam-timer ${tone}`} role="timer" aria-label="Time left" title="Time left of the exam">
      <Icon name="clock" /> {over ? 'Time is over' : clockText(left.value)}
    </span>
  );
}
