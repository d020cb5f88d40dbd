import { useSignal } from '@preact/signals';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { Dialog } from '../ui/dialog.tsx';

export interface NameDialogProps {
  title: string;
  /** What the button says. */
  action: string;
  initial: string;
  /** Does it; gives why it could not be done. */
  onName: (name: string) => Promise<string | undefined>;
  onClose: () => void;
}

/** Asks for the name of something in the home folder. */
export function NameDialog({ title, action, initial, onName, onClose }: NameDialogProps) {
  const field = useRef<HTMLInputElement>(null);
  const id = useId();
  const problem = useSignal('');
  useLayoutEffect(() => {
    field.current?.focus();
    // The name without its folder and its ending: that is what one mostly changes.
    const start = initial.lastIndexOf('/') + 1;
    const dot = initial.lastIndexOf('.');
    field.current?.setSelectionRange(start, dot > start ? dot : initial.length);
  }, []);
  const submit = async (event: Event) => {
    event.preventDefault();
    const name = field.current?.value.trim() ?? '';
    problem.value = name === '' ? 'It needs a name.' : ((await onName(name)) ?? '');
    if (problem.peek() === '') onClose();
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)}>
        <label class="field" for={id}>
          Name, with its folder if it is to lie in one
        </label>
        <input
          ref={field}
          id={id}
          class="field-text"
          type="text"
          value={initial}
          autocomplete="off"
          spellcheck={false}
          aria-invalid={problem.value !== ''}
          aria-describedby={`${id}-problem`}
        />
        <p id={`${id}-problem`} class="field-problem" role="alert">
          {problem.value}
        </p>
        <div class="dialog-buttons">
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" class="primary">
            {action}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** Asks before something is lost. */
export function ConfirmDialog(props: {
  title: string;
  words: string;
  action: string;
  onConfirm: () => void;
  onClose: () => void;
}) {
  return (
    <Dialog title={props.title} onClose={props.onClose}>
      <p>{props.words}</p>
      <div class="dialog-buttons">
        <button type="button" onClick={props.onClose}>
          Cancel
        </button>
        <button
          type="button"
          class="primary"
          onClick={() => {
            props.onConfirm();
            props.onClose();
          }}
        >
          {props.action}
        </button>
      </div>
    </Dialog>
  );
}
