import { useSignal } from '@preact/signals';
import { copyText } from '../terminal/clipboard.ts';
import type { TerminalDeck } from '../terminal/terminal-deck.ts';
import { Icon } from '../ui/icon.tsx';
import './command-block.css';

export interface CommandBlockProps {
  deck: TerminalDeck;
  node: string;
  script: string;
  /** It goes on until Ctrl-C. */
  endless: boolean;
}

/** Something to type: a click types it into the node's terminal. */
export function CommandBlock({ deck, node, script, endless }: CommandBlockProps) {
  const started = useSignal(false);
  const first = script.split('\n')[0];
  const run = () => {
    started.value = true;
    void deck.run(node, script);
  };
  const stop = () => {
    started.value = false;
    deck.interrupt(node);
  };
  return (
    <div class="command">
      <div class="command-bar">
        <span class="command-node">
          <Icon name="terminal" /> {node}
        </span>
        {endless && started.value && (
          <button type="button" class="quiet" onClick={stop}>
            <Icon name="stop" /> Ctrl-C
          </button>
        )}
        <button
          type="button"
          class="quiet"
          aria-label={`Copy ${first}`}
          title="Copy"
          onClick={() => void copyText(script)}
        >
          <Icon name="copy" />
        </button>
        <button type="button" class="command-run" aria-label={`Run on ${node}: ${first}`} onClick={run}>
          <Icon name="play" /> Run
        </button>
      </div>
      <pre>
        <code>{script}</code>
      </pre>
    </div>
  );
}
