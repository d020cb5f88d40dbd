import { prefs, setPreference } from '../state/preferences.ts';
import type { WorkspaceModel } from '../state/workspace-model.ts';
import type { TerminalDeck } from '../terminal/terminal-deck.ts';
import { altShift, plain, type Shortcut } from '../ui/shortcuts.ts';

/** Every keyboard shortcut of the workspace page. */
export function workspaceShortcuts(model: WorkspaceModel, deck: TerminalDeck, list: () => void): Shortcut[] {
  const step = (by: number) => () => model.goToStep(model.stepIndex.peek() + by);
  return [
    {
      keys: 'Alt+Shift+1 … 9',
      does: 'go to that terminal',
      matches: (event) => /^Digit[1-9]$/.test(event.code) && altShift(event.code)(event),
      run: (event) => {
        const tab = deck.tabs.peek()[Number(event.code.slice('Digit'.length)) - 1];
        if (tab !== undefined) deck.activate(tab);
      },
    },
    { keys: 'F6', does: 'go to the next part of the page', matches: plain('F6', false), run: () => cycle(deck, 1) },
    { keys: 'Shift+F6', does: 'go to the part before', matches: plain('F6', true), run: () => cycle(deck, -1) },
    { keys: 'Alt+Shift+L', does: 'go to the lab', matches: altShift('KeyL'), run: () => focus('lab-text') },
    { keys: 'Alt+Shift+N', does: 'next step', matches: altShift('KeyN'), run: step(1) },
    { keys: 'Alt+Shift+P', does: 'step before', matches: altShift('KeyP'), run: step(-1) },
    {
      keys: 'Alt+Shift+K',
      does: 'check this step',
      matches: altShift('KeyK'),
      run: () => withStep(model, (id) => model.check(id)),
    },
    {
      keys: 'Alt+Shift+H',
      does: 'show a hint',
      matches: altShift('KeyH'),
      run: () => withStep(model, (id) => model.nextHint(id)),
    },
    {
      keys: 'Alt+Shift+S',
      does: 'all terminals side by side',
      matches: altShift('KeyS'),
      run: () => setPreference('split', !prefs.peek().split),
    },
    {
      keys: 'Alt+Shift+F',
      does: 'files of the node, or its terminal',
      matches: altShift('KeyF'),
      run: () => deck.toggleFiles(),
    },
    {
      keys: 'Alt+Shift+G',
      does: 'show or hide the cluster',
      matches: altShift('KeyG'),
      run: () => setPreference('clusterShown', !prefs.peek().clusterShown),
    },
    { keys: 'Alt+Shift+?', does: 'this list', matches: altShift('Slash'), run: list },
  ];
}

function withStep(model: WorkspaceModel, run: (id: string) => Promise<void>): void {
  const step = model.step.peek();
  if (step !== undefined) void run(step.id);
}

function focus(id: string): void {
  document.getElementById(id)?.focus();
}

/** The parts of the page in their order; a terminal swallows Tab, so this is the way out of it. */
function cycle(deck: TerminalDeck, direction: 1 | -1): void {
  const parts = ['top-bar', 'lab-text', 'terminals', 'cluster-view'].filter(
    (id) => document.getElementById(id) !== null,
  );
  const at = parts.findIndex((id) => document.getElementById(id)?.contains(document.activeElement));
  const from = at === -1 && direction === -1 ? 0 : at;
  const next = parts[(from + direction + parts.length) % parts.length];
  const session = deck.active.peek()?.session;
  if (next === 'terminals' && deck.showing.peek() === 'files') {
    (
      document.querySelector<HTMLElement>('.files [role=treeitem][tabindex="0"]') ??
      document.querySelector<HTMLElement>('.files button')
    )?.focus();
  } else if (next === 'terminals' && session !== undefined) session.screen.focus();
  else if (next !== undefined) focus(next);
}
