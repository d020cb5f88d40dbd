import { useSignal } from '@preact/signals';
import { FilesView } from '../files/files-view.tsx';
import type { WorkspaceFiles } from '../files/workspace-files.ts';
import { isTerminalDark, prefs, setPreference } from '../state/preferences.ts';
import { Icon } from '../ui/icon.tsx';
import { Menu } from '../ui/menu.tsx';
import type { TerminalDeck } from './terminal-deck.ts';
import { TerminalPane } from './terminal-pane.tsx';
import { TerminalTabs } from './terminal-tabs.tsx';
import './terminal-area.css';

/** The nodes: a tab for each, with its shell or its files; or all shells side by side. */
export function TerminalArea({ deck, files }: { deck: TerminalDeck; files: WorkspaceFiles }) {
  const { split } = prefs.value;
  const tabs = deck.tabs.value;
  const active = deck.active.value;
  const filesShown = deck.showing.value === 'files' && active !== undefined;
  return (
    <section
      class={`terminal-area ${isTerminalDark.value ? 'terminal-dark' : ''}`}
      id="terminals"
      tabIndex={-1}
      aria-label="Terminals"
    >
      <div class="terminal-bar">
        <TerminalTabs deck={deck} />
        <div class="terminal-tools">
          <button
            type="button"
            class="quiet files-button"
            aria-pressed={filesShown}
            title="Files of the node (Alt+Shift+F)"
            onClick={() => deck.toggleFiles()}
          >
            <Icon name="folder" /> Files
            {files.dirty.value && <span class="file-dirty" title="not saved" />}
          </button>
          <button
            type="button"
            class="quiet"
            aria-pressed={split}
            title="All nodes side by side (Alt+Shift+S)"
            aria-label="Split view"
            onClick={() => setPreference('split', !split)}
          >
            <Icon name="columns" />
          </button>
          <TerminalSettings deck={deck} />
        </div>
      </div>
      <div class={`terminal-panes ${split && !filesShown ? 'terminal-panes-split' : ''}`}>
        {filesShown && <FilesView key={active.node} files={files.on(active.node)} />}
        {tabs.map((tab) => (
          <TerminalPane
            key={tab.key}
            deck={deck}
            tab={tab}
            inFront={tab.key === active?.key}
            shown={!filesShown && (split || tab.key === active?.key)}
            titled={split}
          />
        ))}
      </div>
    </section>
  );
}

function TerminalSettings({ deck }: { deck: TerminalDeck }) {
  const open = useSignal(false);
  const { screenReader, copyOnSelect, fontSize, terminalFollowsPage } = prefs.value;
  const node = deck.active.value?.node;
  return (
    <div class="menu-anchor">
      <button
        type="button"
        class="quiet"
        aria-haspopup="menu"
        aria-expanded={open.value}
        aria-label="Terminal settings"
        title="Terminal settings"
        onClick={() => {
          open.value = !open.value;
        }}
      >
        <Icon name="more" />
      </button>
      {open.value && (
        <Menu
          label="Terminal settings"
          style="inset-inline-end: 0"
          onClose={() => {
            open.value = false;
          }}
          items={[
            {
              label: `Another shell on ${node ?? 'this node'}`,
              disabled: node === undefined,
              onSelect: () => node !== undefined && void deck.startShell(node),
            },
            {
              label: 'Screen reader mode',
              checked: screenReader,
              onSelect: () => setPreference('screenReader', !screenReader),
            },
            {
              label: 'Copy what is selected',
              checked: copyOnSelect,
              onSelect: () => setPreference('copyOnSelect', !copyOnSelect),
            },
            {
              label: 'Colours of the page',
              checked: terminalFollowsPage,
              onSelect: () => setPreference('terminalFollowsPage', !terminalFollowsPage),
            },
            { label: 'Larger text', onSelect: () => setPreference('fontSize', Math.min(28, fontSize + 1)) },
            { label: 'Smaller text', onSelect: () => setPreference('fontSize', Math.max(9, fontSize - 1)) },
          ]}
        />
      )}
    </div>
  );
}
