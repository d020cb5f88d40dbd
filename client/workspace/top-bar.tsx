import { useSignal } from '@preact/signals';
import { ExamTimer } from '../lab/exam-timer.tsx';
import { goHome } from '../state/place.ts';
import { prefs, setPreference } from '../state/preferences.ts';
import type { WorkspaceModel } from '../state/workspace-model.ts';
import { Brand } from '../ui/brand.tsx';
import { Icon } from '../ui/icon.tsx';
import { Menu } from '../ui/menu.tsx';
import { ThemeButton } from '../ui/theme-button.tsx';
import { StartOverDialog } from './start-over-dialog.tsx';
import './top-bar.css';

/** The bar at the top: which lab, how far, on what kind of cluster. */
export function TopBar({ model, onShortcuts }: { model: WorkspaceModel; onShortcuts: () => void }) {
  const lab = model.lab.value;
  return (
    <header class="top-bar" id="top-bar" tabIndex={-1}>
      <a
        class="top-bar-home"
        href="/"
        aria-label="swarmlab, all labs"
        onClick={(event) => {
          event.preventDefault();
          goHome();
        }}
      >
        <Brand />
      </a>
      <h1 lang={model.language.value}>{lab?.title ?? ''}</h1>
      <ExamTimer model={model} />
      <Progress model={model} />
      <ClusterKind model={model} />
      <ThemeButton />
      <button type="button" class="quiet" aria-label="Keyboard shortcuts" title="Alt+Shift+?" onClick={onShortcuts}>
        <Icon name="keyboard" />
      </button>
      <WorkspaceMenu model={model} />
    </header>
  );
}

function Progress({ model }: { model: WorkspaceModel }) {
  const steps = model.lab.value?.steps ?? [];
  const done = steps.filter((step) => model.progressOf(step.id).passed).length;
  const points = steps.reduce((sum, step) => sum + model.progressOf(step.id).points, 0);
  const all = steps.reduce((sum, step) => sum + step.points, 0);
  const label = `${done} of ${steps.length} steps, ${points} of ${all} points`;
  return (
    <div class="progress" role="img" aria-label={label} title={label}>
      <div class="progress-steps" aria-hidden="true">
        {steps.map((step, index) => (
          <span
            key={step.id}
            class={`${model.progressOf(step.id).passed ? 'progress-done' : ''} ${index === model.stepIndex.value ? 'progress-here' : ''}`}
          />
        ))}
      </div>
      <span>
        {points}/{all}
      </span>
    </div>
  );
}

/** What runs underneath, in words a student can use. */
function ClusterKind({ model }: { model: WorkspaceModel }) {
  const { kind, orchestrator } = model.status.value ?? {};
  if (kind === undefined || orchestrator === undefined) return null;
  const nodes = kind === 'dind' ? 'real nodes' : 'simulated nodes';
  const detail =
    kind === 'dind'
      ? 'Each node is a container with a Docker engine of its own.'
      : 'The engines are simulated; `swarmlab doctor` tells what real nodes need.';
  const swarm =
    orchestrator === 'swarm'
      ? 'Docker’s own Swarm orchestrates.'
      : 'Swarmlab’s own orchestrator answers the Engine API.';
  return (
    <span class="cluster-kind" title={`${detail} ${swarm}`}>
      {nodes} · {orchestrator === 'swarm' ? 'Docker Swarm' : 'built-in orchestrator'}
    </span>
  );
}

function WorkspaceMenu({ model }: { model: WorkspaceModel }) {
  const open = useSignal(false);
  const asking = useSignal(false);
  const { clusterShown } = prefs.value;
  return (
    <div class="menu-anchor">
      <button
        type="button"
        class="quiet"
        aria-haspopup="menu"
        aria-expanded={open.value}
        aria-label="Workspace"
        onClick={() => {
          open.value = !open.value;
        }}
      >
        <Icon name="more" />
      </button>
      {open.value && (
        <Menu
          label="Workspace"
          style="inset-inline-end: 0"
          onClose={() => {
            open.value = false;
          }}
          items={[
            {
              label: 'Show the cluster',
              checked: clusterShown,
              onSelect: () => setPreference('clusterShown', !clusterShown),
            },
            {
              label: 'Start over …',
              disabled: !model.ready.value,
              onSelect: () => {
                asking.value = true;
              },
            },
            { label: 'All labs', onSelect: goHome },
          ]}
        />
      )}
      {asking.value && (
        <StartOverDialog
          model={model}
          onClose={() => {
            asking.value = false;
          }}
        />
      )}
    </div>
  );
}
