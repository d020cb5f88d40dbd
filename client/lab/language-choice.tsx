import { useId } from 'preact/hooks';
import { setPreference } from '../state/preferences.ts';
import type { WorkspaceModel } from '../state/workspace-model.ts';

/** In which of its languages the lab is read; nothing where it has but one. */
export function LanguageChoice({ model }: { model: WorkspaceModel }) {
  const id = useId();
  const languages = model.languages.value;
  if (languages.length < 2) return null;
  const choose = (language: string) => {
    setPreference('language', language);
    void model.speak(language);
  };
  return (
    <p class="language-choice">
      <label for={id}>Language</label>{' '}
      <select id={id} value={model.language.value} onChange={(event) => choose(event.currentTarget.value)}>
        {languages.map((language) => (
          <option key={language} value={language} lang={language}>
            {nameOf(language)}
          </option>
        ))}
      </select>
    </p>
  );
}

/** A language's name in itself. */
const nameOf = (language: string) => new Intl.DisplayNames([language], { type: 'language' }).of(language) ?? language;
