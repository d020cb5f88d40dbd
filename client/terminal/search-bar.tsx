import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { Icon } from '../ui/icon.tsx';
import type { TerminalScreen } from './terminal-screen.ts';

const DECORATIONS = {
  matchBackground: '#6b5518',
  matchOverviewRuler: '#f2b84b',
  activeMatchBackground: '#b3700b',
  activeMatchColorOverviewRuler: '#f2b84b',
};

/** Searches what the terminal shows and what has scrolled away. */
export function SearchBar({ screen, onClose }: { screen: TerminalScreen; onClose: () => void }) {
  const field = useRef<HTMLInputElement>(null);
  const found = useSignal('');
  useLayoutEffect(() => {
    field.current?.focus();
    const listening = screen.search.onDidChangeResults(({ resultIndex, resultCount }) => {
      found.value = resultCount === 0 ? 'Nothing found' : `${resultIndex + 1} of ${resultCount}`;
    });
    return () => {
      listening.dispose();
      screen.search.clearDecorations();
    };
  }, [screen]);

  const find = (backwards: boolean, incremental = false) => {
    const text = field.current?.value ?? '';
    const options = { incremental, decorations: DECORATIONS };
    if (text === '') found.value = '';
    else if (backwards) screen.search.findPrevious(text, options);
    else screen.search.findNext(text, options);
  };

  return (
    <search class="terminal-search">
      <input
        ref={field}
        type="search"
        aria-label="Search in the terminal"
        placeholder="Search"
        onInput={() => find(true, true)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') find(!event.shiftKey);
          else if (event.key === 'Escape') onClose();
          else return;
          event.preventDefault();
        }}
      />
      <output>{found.value}</output>
      <button type="button" class="quiet" aria-label="Previous match" onClick={() => find(true)}>
        <Icon name="up" />
      </button>
      <button type="button" class="quiet" aria-label="Next match" onClick={() => find(false)}>
        <Icon name="down" />
      </button>
      <button type="button" class="quiet" aria-label="Close search" onClick={onClose}>
        <Icon name="cross" />
      </button>
    </search>
  );
}
