import { Icon } from '../ui/icon.tsx';
import type { Tab, TerminalDeck } from './terminal-deck.ts';

/** One tab a shell; arrow keys go from one to the next. */
export function TerminalTabs({ deck }: { deck: TerminalDeck }) {
  const tabs = deck.tabs.value;
  const active = deck.active.value;
  const move = (event: KeyboardEvent, tab: Tab) => {
    const steps: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1 };
    const step = steps[event.key];
    const next = step === undefined ? undefined : tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length];
    if (next === undefined) return;
    event.preventDefault();
    deck.activeKey.value = next.key;
    document.getElementById(`tab-${next.key}`)?.focus();
  };
  return (
    <div class="terminal-tabs" role="tablist" aria-label="Nodes">
      {tabs.map((tab, index) => {
        const selected = tab.key === active?.key;
        const removable = tab.session !== undefined && tabs.filter((other) => other.node === tab.node).length > 1;
        return (
          <div key={tab.key} class={`terminal-tab ${selected ? 'terminal-tab-selected' : ''}`} role="presentation">
            <button
              type="button"
              role="tab"
              id={`tab-${tab.key}`}
              aria-selected={selected}
              aria-controls={`pane-${tab.key}`}
              tabIndex={selected ? 0 : -1}
              title={index < 9 ? `${tab.label} (Alt+Shift+${index + 1})` : tab.label}
              onClick={() => deck.choose(tab)}
              onKeyDown={(event) => move(event, tab)}
            >
              <TabDot tab={tab} />
              {tab.label}
            </button>
            {removable && (
              <button
                type="button"
                class="quiet terminal-tab-close"
                aria-label={`Close ${tab.label}`}
                onClick={() => void deck.closeShell(tab)}
              >
                <Icon name="cross" />
              </button>
            )}
          </div>
        );
      })}
    </div>
  );
}

/** How the shell's connection is, as a dot and in words. */
function TabDot({ tab }: { tab: Tab }) {
  const phase = tab.session?.state.value.phase ?? 'none';
  const words = {
    open: '',
    connecting: ', connecting',
    lost: ', reconnecting',
    ended: ', ended',
    gone: ', gone',
    none: '',
  };
  return (
    <>
      <span class={`tab-dot tab-dot-${phase}`} aria-hidden="true" />
      <span class="visually-hidden">{words[phase]}</span>
    </>
  );
}
