import type { LabStep } from '../../labs/lab.ts';
import type { QuizItem } from '../../labs/quiz.ts';
import { expandText, type Variables } from '../../labs/template.ts';
import type { TranslatedStep } from '../../labs/translation/translation.ts';
import type { VerdictView } from '../view/workspace-view.ts';

export interface VerdictReading {
  /** The step in the lab's own words. */
  step: LabStep;
  variables: Variables;
  /** The step in the language that the student reads, where it is translated. */
  translated: (TranslatedStep & { language: string }) | undefined;
  /** What was answered, in the words of that language, to an answer in the lab's own. */
  inReading: (item: string, given: readonly string[]) => readonly string[];
}

/** What graders call a question: its ID is nothing that the student has seen. */
const QUESTION = /^question (\S+)$/;

/** A verdict in the language that the student reads, as far as it is the author's words; a question is called by what it asks. */
export function translateVerdict(verdict: VerdictView, reading: VerdictReading): VerdictView {
  const { step, translated } = reading;
  const expand = (text: string) => expandText(text, reading.variables, (name) => `<${name}>`);
  const items = step.blocks.flatMap((block) => (block.kind === 'quiz' ? block.items : []));
  const item = items.find(({ id }) => id === QUESTION.exec(verdict.subject)?.[1]);
  if (item !== undefined) return translateAnswer(verdict, item, reading, expand);
  const title = [...(translated?.titles ?? [])].find(([original]) => expand(original) === verdict.title)?.[1];
  if (translated === undefined || title === undefined) return verdict;
  return { ...verdict, title: expand(title), language: translated.language };
}

function translateAnswer(
  verdict: VerdictView,
  item: QuizItem,
  { translated, inReading }: VerdictReading,
  expand: (text: string) => string,
): VerdictView {
  const words = translated?.items.get(item.id);
  const language = words?.ask === undefined ? undefined : translated?.language;
  const given = (item.options ?? []).find((option) => verdict.observed === `answered ${expand(option)}`);
  const because = verdict.because === item.because ? (words?.because ?? item.because) : verdict.because;
  return {
    ...verdict,
    title: plain(expand(words?.ask ?? item.ask)),
    ...(language !== undefined && { language }),
    ...(given !== undefined && { observed: `answered ${inReading(item.id, [given]).map(expand).join(', ')}` }),
    ...(because !== undefined && { because }),
  };
}

/** Without the marks of bold and slanted text; those of code are drawn. */
const plain = (markdown: string) => markdown.replace(/\*\*([^*]+)\*\*/g, '$1').replace(/\*([^*\s][^*]*)\*/g, '$1');
