import type { ClusterStatus } from '../../server/workspaces/view/workspace-view.ts';
import type { WorkspaceModel } from '../state/workspace-model.ts';
import './creation-view.css';

const TITLES: Record<ClusterStatus['phase'], string> = {
  creating: 'Making your cluster',
  ready: 'Your cluster is up',
  failed: 'The cluster could not be made',
  removing: 'Removing the old cluster',
};

/** Where the terminals will be: how far the cluster is, or why there is none. */
export function CreationView({ model }: { model: WorkspaceModel }) {
  const status = model.status.value;
  if (status === undefined) return <div class="creation" />;
  const { phase, progress, error } = status;
  return (
    <div class="creation">
      <div class="creation-card">
        <h2>{TITLES[phase]}</h2>
        {error === undefined ? (
          <>
            <progress class="creation-bar" aria-label={TITLES[phase]} />
            <div role="log" aria-label="Progress">
              <ol class="creation-steps">
                {progress.slice(-8).map((step, index) => (
                  <li key={`${index}-${step.text}`}>{step.text}</li>
                ))}
              </ol>
            </div>
            <p class="creation-note">You can begin to read meanwhile.</p>
          </>
        ) : (
          <>
            <p class="creation-error" role="alert">
              {error.message}
            </p>
            {error.next !== undefined && <p>{error.next}</p>}
            <p class="creation-note">
              <code>{error.code}</code>
            </p>
            <button type="button" class="primary" onClick={() => void model.bringClusterUp()}>
              Try again
            </button>
          </>
        )}
      </div>
    </div>
  );
}
