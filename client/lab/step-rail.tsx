import type { WorkspaceModel } from '../state/workspace-model.ts';
import { Icon } from '../ui/icon.tsx';
import './step-rail.css';

/** All steps as a column of numbers: where one is, and which are done. */
export function StepRail({ model }: { model: WorkspaceModel }) {
  const steps = model.lab.value?.steps ?? [];
  const current = model.stepIndex.value;
  return (
    <nav class="step-rail" aria-label="Steps">
      <ol>
        <li>
          <button
            type="button"
            class="step-mark"
            aria-current={current === -1 ? 'step' : undefined}
            aria-label="Introduction"
            title="Introduction"
            onClick={() => model.goToStep(-1)}
          >
            i
          </button>
        </li>
        {steps.map((step, index) => {
          const { passed, checking } = model.progressOf(step.id);
          const state = passed ? 'done' : checking ? 'checking' : 'open';
          return (
            <li key={step.id}>
              <button
                type="button"
                class={`step-mark step-mark-${state}`}
                aria-current={index === current ? 'step' : undefined}
                aria-label={`Step ${index + 1}: ${step.title}${passed ? ', done' : ''}`}
                title={step.title}
                onClick={() => model.goToStep(index)}
              >
                {passed ? <Icon name="check" /> : index + 1}
              </button>
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
