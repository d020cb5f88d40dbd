import type { StepView } from '../../server/workspaces/view/lab-view.ts';
import type { WorkspaceModel } from '../state/workspace-model.ts';
import { Icon } from '../ui/icon.tsx';
import { Prose } from './prose.tsx';
import './hints.css';

/** The hints of a step: one more each time it is asked for, in the author's order. */
export function Hints({ model, step }: { model: WorkspaceModel; step: StepView }) {
  const { hints } = model.progressOf(step.id);
  if (step.hints === 0) return null;
  const more = step.hints - hints.length;
  return (
    <section class="hints" aria-label="Hints">
      {hints.map((hint, index) => (
        <div key={index} class="hint">
          <h3>
            <Icon name="bulb" /> Hint {index + 1}
          </h3>
          <Prose nodes={hint} />
        </div>
      ))}
      {more > 0 && (
        <button type="button" onClick={() => void model.nextHint(step.id)}>
          <Icon name="bulb" /> {hints.length === 0 ? 'Show a hint' : 'Show another hint'} ({more} left)
        </button>
      )}
    </section>
  );
}
