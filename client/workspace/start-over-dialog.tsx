import type { WorkspaceModel } from '../state/workspace-model.ts';
import { Dialog } from '../ui/dialog.tsx';

/** Asks before everything that was done in a workspace is thrown away. */
export function StartOverDialog({ model, onClose }: { model: WorkspaceModel; onClose: () => void }) {
  return (
    <Dialog title="Start over?" onClose={onClose}>
      <p>
        The four nodes are removed and made anew, with everything on them: services, containers, shells, files. Steps,
        points and answers begin from nothing.
      </p>
      <div class="dialog-buttons">
        <button type="button" onClick={onClose}>
          Keep it
        </button>
        <button
          type="button"
          class="primary"
          onClick={() => {
            onClose();
            void model.reset();
          }}
        >
          Start over
        </button>
      </div>
    </Dialog>
  );
}
