import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { LabSummary } from '../../server/workspaces/view/lab-view.ts';
import { ApiError } from '../api/api-error.ts';
import { fetchLabs, startWorkspace } from '../api/workspace-api.ts';
import { showProblem } from '../state/notice.ts';
import { goToWorkspace } from '../state/place.ts';
import { Brand } from '../ui/brand.tsx';
import { ThemeButton } from '../ui/theme-button.tsx';
import { LabCard } from './lab-card.tsx';
import { SignInPage } from './sign-in-page.tsx';
import './home-page.css';

/** The labs there are. */
export function HomePage({ signInFailed }: { signInFailed: boolean }) {
  const labs = useSignal<LabSummary[] | undefined>(undefined);
  const signedOut = useSignal(false);
  const failed = useSignal<ApiError | undefined>(undefined);
  const load = () =>
    fetchLabs().then(
      (list) => {
        labs.value = list;
        failed.value = undefined;
      },
      (error: unknown) => {
        if (error instanceof ApiError && error.code === 'SL_NOT_SIGNED_IN') signedOut.value = true;
        else failed.value = error instanceof ApiError ? error : new ApiError('SL_INTERNAL', String(error));
      },
    );
  useEffect(() => void load(), []);

  if (signedOut.value) return <SignInPage failed={signInFailed} />;
  const start = (lab: LabSummary, variant?: string) =>
    void startWorkspace(lab.name, variant).then(goToWorkspace, showProblem);
  return (
    <div class="home">
      <header class="home-bar">
        <Brand />
        <ThemeButton />
      </header>
      <main class="home-main">
        <h1>Docker Swarm, on a cluster of your own</h1>
        <p class="home-lead">
          Each lab gives you four nodes with a shell on each. Type the commands, watch what the swarm does, and have
          every step graded by what the cluster says.
        </p>
        {labs.value === undefined && failed.value === undefined && <p role="status">Reading the labs …</p>}
        {failed.value !== undefined && (
          <div class="home-failed" role="alert">
            <p>
              <strong>{failed.value.message}</strong> {failed.value.next}
            </p>
            <button type="button" class="primary" onClick={() => void load()}>
              Try again
            </button>
          </div>
        )}
        {labs.value?.length === 0 && <p>There are no labs in this installation.</p>}
        <ul class="lab-cards">
          {labs.value?.map((lab) => (
            <LabCard key={lab.name} lab={lab} onStart={start} />
          ))}
        </ul>
      </main>
    </div>
  );
}
