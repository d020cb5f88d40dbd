import type { BlockView, StepView } from '../../server/workspaces/view/lab-view.ts';
import type { WorkspaceModel } from '../state/workspace-model.ts';
import type { TerminalDeck } from '../terminal/terminal-deck.ts';
import { CheckPanel } from './check-panel.tsx';
import { CommandBlock } from './command-block.tsx';
import { Hints } from './hints.tsx';
import { Prose } from './prose.tsx';
import { Question } from './question.tsx';

export interface StepPageProps {
  model: WorkspaceModel;
  deck: TerminalDeck;
  step: StepView;
  number: number;
}

/** One step: what to do, the hints, and how it stands. */
export function StepPage({ model, deck, step, number }: StepPageProps) {
  const { passed } = model.progressOf(step.id);
  return (
    <>
      <p class="step-place">
        Step {number}
        {step.points > 0 && ` · ${step.points} ${step.points === 1 ? 'point' : 'points'}`}
        {passed && <span class="step-done"> · done</span>}
      </p>
      <h2 lang={step.language}>{step.title}</h2>
      {step.blocks.map((block, index) => (
        <Block key={index} block={block} model={model} deck={deck} />
      ))}
      <Hints model={model} step={step} />
      <CheckPanel model={model} step={step} />
    </>
  );
}

function Block({ block, model, deck }: { block: BlockView; model: WorkspaceModel; deck: TerminalDeck }) {
  switch (block.kind) {
    case 'prose':
      return <Prose nodes={block.nodes} />;
    case 'run':
      return <CommandBlock deck={deck} node={block.node} script={block.script} endless={block.endless} />;
    case 'quiz':
      return (
        <>
          {block.items.map((item) => (
            <Question key={item.id} model={model} item={item} />
          ))}
        </>
      );
  }
}
