import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { prefs } from '../state/preferences.ts';
import { Icon } from '../ui/icon.tsx';
import { copySelection, paste } from './clipboard.ts';
import { SearchBar } from './search-bar.tsx';
import type { Tab, TerminalDeck } from './terminal-deck.ts';
import { TerminalMenu } from './terminal-menu.tsx';
import type { TerminalSession } from './terminal-session.ts';

export interface TerminalPaneProps {
  deck: TerminalDeck;
  tab: Tab;
  inFront: boolean;
  shown: boolean;
  /** Whether the pane says which node it is of: side by side the tabs do not. */
  titled: boolean;
}

/** The place of one shell in the page. */
export function TerminalPane({ deck, tab, inFront, shown, titled }: TerminalPaneProps) {
  return (
    <div
      class={`terminal-pane ${inFront ? 'terminal-pane-front' : ''}`}
      id={`pane-${tab.key}`}
      role="tabpanel"
      aria-labelledby={`tab-${tab.key}`}
      hidden={!shown}
      onFocusIn={() => {
        deck.activeKey.value = tab.key;
      }}
    >
      {titled && <div class="terminal-title">{tab.label}</div>}
      {tab.session === undefined ? (
        <NoShell deck={deck} tab={tab} shown={shown} />
      ) : (
        <Shell deck={deck} tab={tab} session={tab.session} shown={shown} inFront={inFront} />
      )}
    </div>
  );
}

/** A node without a shell gets one as soon as it is looked at. */
function NoShell({ deck, tab, shown }: { deck: TerminalDeck; tab: Tab; shown: boolean }) {
  useEffect(() => {
    if (shown) void deck.startShell(tab.node);
  }, [shown]);
  return <p class="terminal-note">Starting a shell on {tab.node} …</p>;
}

interface ShellProps {
  deck: TerminalDeck;
  tab: Tab;
  session: TerminalSession;
  shown: boolean;
  inFront: boolean;
}

function Shell({ deck, tab, session, shown, inFront }: ShellProps) {
  const place = useRef<HTMLDivElement>(null);
  const searching = useSignal(false);
  const menu = useSignal<{ x: number; y: number } | undefined>(undefined);

  useEffect(() => {
    const element = place.current;
    if (element === null || !shown) return;
    session.screen.showIn(element);
    deck.shown(session);
    return () => session.screen.hide();
  }, [session, shown]);

  useEffect(() => {
    session.screen.terminal.attachCustomKeyEventHandler((event) =>
      handleKey(event, session, {
        search: () => {
          searching.value = true;
        },
        menu: () => {
          menu.value = { x: 24, y: 24 };
        },
      }),
    );
  }, [session]);

  return (
    <>
      {searching.value && (
        <SearchBar
          screen={session.screen}
          onClose={() => {
            searching.value = false;
            session.screen.focus();
          }}
        />
      )}
      <SkippedNote session={session} />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the terminal in it takes the focus and the keys, these are mouse short cuts. */}
      <div
        ref={place}
        class="terminal-place"
        onMouseUp={() => prefs.peek().copyOnSelect && void copySelection(session.screen)}
        onContextMenu={(event) => {
          event.preventDefault();
          const { left, top } = event.currentTarget.getBoundingClientRect();
          menu.value = { x: event.clientX - left, y: event.clientY - top };
        }}
      />
      {menu.value !== undefined && (
        <TerminalMenu
          session={session}
          at={menu.value}
          onSearch={() => {
            searching.value = true;
          }}
          onClose={() => {
            menu.value = undefined;
          }}
        />
      )}
      <EndNote deck={deck} tab={tab} session={session} inFront={inFront} />
    </>
  );
}

/** Keys that are the page's and not the shell's; false keeps them from the shell. */
function handleKey(
  event: KeyboardEvent,
  session: TerminalSession,
  open: { search: () => void; menu: () => void },
): boolean {
  const chord = event.ctrlKey && event.shiftKey && !event.altKey;
  if (chord && event.code === 'KeyV') return false;
  if (event.type !== 'keydown') return true;
  if (chord && event.code === 'KeyC') void copySelection(session.screen);
  else if (chord && event.code === 'KeyF') open.search();
  else if (event.shiftKey && event.key === 'Insert') void paste(session.screen);
  else if (event.shiftKey && event.key === 'F10') open.menu();
  else return true;
  event.preventDefault();
  return false;
}

function SkippedNote({ session }: { session: TerminalSession }) {
  const bytes = session.skippedBytes.value;
  if (bytes === 0) return null;
  return (
    <p class="terminal-note terminal-skipped" role="status">
      {formatBytes(bytes)} of older output are no longer kept; the screen below is as it was.
    </p>
  );
}

function EndNote({ deck, tab, session, inFront }: Omit<ShellProps, 'shown'>) {
  const state = session.state.value;
  if (state.phase !== 'ended' && state.phase !== 'gone') return null;
  const what = state.phase === 'ended' ? `The shell has ended (exit status ${state.exitCode}).` : 'The shell is gone.';
  return (
    <div class="terminal-end" role="status">
      <p>{what}</p>
      <button type="button" class={inFront ? 'primary' : ''} onClick={() => void deck.renewShell(tab)}>
        <Icon name="terminal" /> New shell
      </button>
    </div>
  );
}

function formatBytes(bytes: number): string {
  return bytes < 1024 * 1024 ? `${(bytes / 1024).toFixed(0)} KiB` : `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}
