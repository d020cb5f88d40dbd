import { useEffect, useRef } from 'preact/hooks';
import type { LabView } from '../../server/workspaces/view/lab-view.ts';
import type { WorkspaceModel } from '../state/workspace-model.ts';
import type { TerminalDeck } from '../terminal/terminal-deck.ts';
import { Icon } from '../ui/icon.tsx';
import { ExamScore } from './exam-score.tsx';
import { LabLanguage } from './lab-language.ts';
import { LanguageChoice } from './language-choice.tsx';
import { Prose } from './prose.tsx';
import { StepPage } from './step-page.tsx';
import { StepRail } from './step-rail.tsx';
import './lab-panel.css';

/** The written lab: one step at a time. */
export function LabPanel({ model, deck }: { model: WorkspaceModel; deck: TerminalDeck }) {
  const page = useRef<HTMLElement>(null);
  const lab = model.lab.value;
  const index = model.stepIndex.value;
  const step = model.step.value;
  useEffect(() => {
    page.current?.scrollTo({ top: 0 });
  }, [index]);
  if (lab === undefined) return null;
  return (
    <div class="lab-panel">
      <StepRail model={model} />
      <div class="lab-column">
        <article ref={page} class="lab-page" id="lab-text" tabIndex={-1} aria-label="Lab">
          {step === undefined ? (
            <LabLanguage.Provider value={model.language.value}>
              <Introduction model={model} lab={lab} />
            </LabLanguage.Provider>
          ) : (
            <LabLanguage.Provider value={step.language}>
              <StepPage key={step.id} model={model} deck={deck} step={step} number={index + 1} />
            </LabLanguage.Provider>
          )}
        </article>
        <footer class="lab-steps">
          <button type="button" disabled={index < 0} onClick={() => model.goToStep(index - 1)}>
            <Icon name="left" /> Back
          </button>
          <span>{step === undefined ? 'Introduction' : `Step ${index + 1} of ${lab.steps.length}`}</span>
          <button
            type="button"
            class={step === undefined || model.progressOf(step.id).passed ? 'primary' : ''}
            disabled={index >= lab.steps.length - 1}
            onClick={() => model.goToStep(index + 1)}
          >
            {step === undefined ? 'Begin' : 'Next'} <Icon name="right" />
          </button>
        </footer>
      </div>
    </div>
  );
}

function Introduction({ model, lab }: { model: WorkspaceModel; lab: LabView }) {
  const points = lab.steps.reduce((sum, step) => sum + step.points, 0);
  return (
    <>
      <p class="step-place">
        {lab.steps.length} steps · {points} points · about {lab.minutes} minutes
      </p>
      <h2 lang={model.language.value}>{lab.title}</h2>
      <p class="lab-summary" lang={model.language.value}>
        {lab.summary}
      </p>
      <LanguageChoice model={model} />
      <ExamScore model={model} lab={lab} />
      <Prose nodes={lab.introduction} />
    </>
  );
}
