import type { StepView } from '../../server/workspaces/view/lab-view.ts';
import type { StepProgress } from '../../server/workspaces/view/workspace-view.ts';
import type { WorkspaceModel } from '../state/workspace-model.ts';
import { Icon } from '../ui/icon.tsx';
import { VerdictCard } from './verdict-card.tsx';
import './check-panel.css';

/** How the step stands, live, and the button that checks it in earnest. */
export function CheckPanel({ model, step }: { model: WorkspaceModel; step: StepView }) {
  const progress = model.progressOf(step.id);
  return (
    <section class="check-panel" aria-label="Check">
      <div class="check-bar">
        <div>
          <h3>{headline(step, progress)}</h3>
          <p>{subline(step, progress)}</p>
        </div>
        <button
          type="button"
          class="primary"
          disabled={progress.checking || !model.ready.value}
          title="Alt+Shift+K"
          onClick={() => void model.check(step.id)}
        >
          <Icon name="check" /> {step.checks === 0 ? 'Done' : progress.checking ? 'Checking …' : 'Check'}
        </button>
      </div>
      {progress.verdicts.length > 0 && (
        <ul class="verdicts">
          {progress.verdicts.map((verdict, index) => (
            <VerdictCard key={index} verdict={verdict} checked={progress.checked} />
          ))}
        </ul>
      )}
    </section>
  );
}

function headline(step: StepView, progress: StepProgress): string {
  if (step.checks === 0) return progress.passed ? 'Read' : 'Nothing is checked here';
  const passing = progress.verdicts.filter((verdict) => verdict.outcome === 'pass').length;
  if (progress.checking) return `Checking … ${passing} of ${step.checks}`;
  if (progress.passed) return 'Done';
  return progress.verdicts.length === 0 ? 'Not checked yet' : `${passing} of ${step.checks} are so`;
}

function subline(step: StepView, progress: StepProgress): string {
  if (step.checks === 0) return 'Go on when you have read it.';
  if (progress.passed) return `${progress.points} of ${step.points} points.`;
  if (progress.checking) return 'It ends as soon as the answer is certain.';
  return 'The cluster is watched while you work; Check decides.';
}
