import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { ClusterPanel } from '../cluster/cluster-panel.tsx';
import { WorkspaceFiles } from '../files/workspace-files.ts';
import { SignInPage } from '../home/sign-in-page.tsx';
import { LabPanel } from '../lab/lab-panel.tsx';
import { rememberPlace } from '../state/continuity.ts';
import { goHome } from '../state/place.ts';
import { prefs, setPreference } from '../state/preferences.ts';
import { WorkspaceModel } from '../state/workspace-model.ts';
import { TerminalArea } from '../terminal/terminal-area.tsx';
import { TerminalDeck } from '../terminal/terminal-deck.ts';
import { ShortcutDialog } from '../ui/shortcut-dialog.tsx';
import { listenForShortcuts } from '../ui/shortcuts.ts';
import { Splitter } from '../ui/splitter.tsx';
import { ConnectionBanner } from './connection-banner.tsx';
import { CreationView } from './creation-view.tsx';
import { TopBar } from './top-bar.tsx';
import { workspaceShortcuts } from './workspace-shortcuts.ts';
import './workspace-page.css';

/** One student's place to work: the lab's text, terminals, the cluster. */
export function WorkspacePage({ id }: { id: string }) {
  const model = useMemo(() => new WorkspaceModel(id), [id]);
  const deck = useMemo(() => new TerminalDeck(model), [model]);
  const files = useMemo(() => new WorkspaceFiles(id), [id]);
  const listing = useSignal(false);
  const shortcuts = useMemo(
    () =>
      workspaceShortcuts(model, deck, () => {
        listing.value = true;
      }),
    [model, deck],
  );
  useEffect(() => listenForShortcuts(shortcuts), [shortcuts]);
  useEffect(
    () =>
      rememberPlace(id, () => ({
        shell: deck.active.peek()?.key,
        step: model.stepIndex.peek(),
        typing: document.activeElement?.closest('.terminal-screen') != null,
      })),
    [id, model, deck],
  );
  useEffect(
    () => () => {
      files.dispose();
      deck.dispose();
      model.close();
    },
    [model, deck, files],
  );

  const refused = model.refused.value;
  if (refused?.code === 'SL_NOT_SIGNED_IN') return <SignInPage />;
  if (refused !== undefined) {
    return (
      <main class="workspace-refused">
        <h1>{refused.message}</h1>
        <button type="button" class="primary" onClick={goHome}>
          All labs
        </button>
      </main>
    );
  }
  return (
    <div class="workspace">
      <a class="skip-link" href="#lab-text">
        To the lab
      </a>
      <a class="skip-link" href="#terminals">
        To the terminals
      </a>
      <TopBar
        model={model}
        onShortcuts={() => {
          listing.value = true;
        }}
      />
      <ConnectionBanner model={model} />
      <main class="workspace-main">
        <div class="workspace-lab" style={{ '--share': `${prefs.value.labShare}%` }}>
          <LabPanel model={model} deck={deck} />
        </div>
        <Splitter
          label="Width of the lab"
          orientation="vertical"
          value={prefs.value.labShare}
          min={20}
          max={70}
          onChange={(share) => setPreference('labShare', share)}
        />
        <div class="workspace-work">
          <WorkSide model={model} deck={deck} files={files} />
        </div>
      </main>
      {listing.value && (
        <ShortcutDialog
          shortcuts={shortcuts}
          onClose={() => {
            listing.value = false;
          }}
        />
      )}
    </div>
  );
}

/** Terminals above, cluster below; until there is a cluster, how far it is. */
function WorkSide(props: { model: WorkspaceModel; deck: TerminalDeck; files: WorkspaceFiles }) {
  const { model, deck, files } = props;
  const { clusterShare, clusterShown } = prefs.value;
  if (!model.ready.value) return <CreationView model={model} />;
  return (
    <>
      <TerminalArea deck={deck} files={files} />
      {clusterShown && (
        <>
          <Splitter
            label="Height of the cluster"
            orientation="horizontal"
            value={clusterShare}
            min={12}
            max={75}
            onChange={(share) => setPreference('clusterShare', share)}
          />
          <div class="workspace-cluster" style={{ '--share': `${clusterShare}%` }}>
            <ClusterPanel model={model} />
          </div>
        </>
      )}
    </>
  );
}
