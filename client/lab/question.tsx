import { useContext, useId } from 'preact/hooks';
import type { QuizView } from '../../server/workspaces/view/lab-view.ts';
import type { WorkspaceModel } from '../state/workspace-model.ts';
import { InlineCode } from './inline-code.tsx';
import { LabLanguage } from './lab-language.ts';
import { Prose } from './prose.tsx';
import './question.css';

/** A question of the lab. The answer is kept as soon as it is given; the step's check judges it. */
export function Question({ model, item }: { model: WorkspaceModel; item: QuizView }) {
  const name = useId();
  const language = useContext(LabLanguage);
  if (item.style === 'domc') return <OneAtATime model={model} item={item} />;
  const given = model.answers.value[item.id] ?? [];
  const choose = (option: string, on: boolean) => {
    const others = item.several ? given.filter((other) => other !== option) : [];
    void model.answer(item.id, on ? [...others, option] : others);
  };
  return (
    <fieldset class="question">
      <legend>
        <Prose nodes={item.ask} />
      </legend>
      {item.options.map((option) => (
        <label key={option} class="question-option">
          <input
            type={item.several ? 'checkbox' : 'radio'}
            name={name}
            checked={given.includes(option)}
            onChange={(event) => choose(option, event.currentTarget.checked)}
          />
          <span lang={language}>
            <InlineCode text={option} />
          </span>
        </label>
      ))}
      {item.options.length === 0 && (
        <input
          class="question-text"
          type="text"
          autocomplete="off"
          spellcheck={false}
          aria-label="Your answer"
          placeholder="Your answer"
          value={given.join(' ')}
          onChange={(event) => void model.answer(item.id, [event.currentTarget.value.trim()].filter(Boolean))}
        />
      )}
    </fieldset>
  );
}

/** Options one at a time, yes or no, and no way back: as in the exam. Afterwards, for practice, all of it again. */
function OneAtATime({ model, item }: { model: WorkspaceModel; item: QuizView }) {
  const state = model.domc.value.get(item.id);
  const language = useContext(LabLanguage);
  if (state === undefined) return null;
  const { option, judged, of } = state;
  return (
    <fieldset class="question">
      <legend>
        <Prose nodes={item.ask} />
      </legend>
      {option === undefined ? (
        <div class="domc-done">
          <p>All {of} options are judged.</p>
          <button type="button" onClick={() => void model.restartQuestion(item.id)}>
            Judge them again
          </button>
        </div>
      ) : (
        <>
          <p class="domc-place">
            Option {judged + 1} of {of}, no way back
          </p>
          <p class="domc-option" lang={language}>
            <InlineCode text={option} />
          </p>
          <div class="domc-buttons">
            <button type="button" onClick={() => void model.judge(item.id, judged, true)}>
              Yes
            </button>
            <button type="button" onClick={() => void model.judge(item.id, judged, false)}>
              No
            </button>
          </div>
        </>
      )}
    </fieldset>
  );
}
