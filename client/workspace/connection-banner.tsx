import { useEffect } from 'preact/hooks';
import { announce } from '../state/announcer.ts';
import type { WorkspaceModel } from '../state/workspace-model.ts';
import './connection-banner.css';

/** Says that the server cannot be reached; it goes when the connection is back. */
export function ConnectionBanner({ model }: { model: WorkspaceModel }) {
  const state = model.connection.value;
  const known = model.status.value !== undefined;
  const lost = known && state !== 'open';
  useEffect(() => {
    if (!lost) return;
    announce('The connection is lost. Trying again.', { urgent: true });
    return () => announce('Connected again.');
  }, [lost]);
  if (!lost) return null;
  return (
    <div class="connection-banner">
      <span class="connection-spinner" aria-hidden="true" />
      The server does not answer; trying again. Your shells go on, and nothing of their output is lost.
    </div>
  );
}
