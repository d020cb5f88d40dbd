export interface Shortcut {
  /** As it is written on the page. */
  keys: string;
  does: string;
  matches: (event: KeyboardEvent) => boolean;
  run: (event: KeyboardEvent) => void;
}

/**
 * A combination with Alt and Shift: the one pair that neither shells, editors nor browsers use for much, and that does not collide with AltGr,
 * by which many keyboards type | and @. `code` is the physical key, so that the layout does not matter.
 */
export function altShift(code: string): (event: KeyboardEvent) => boolean {
  return (event) => event.altKey && event.shiftKey && !event.ctrlKey && !event.metaKey && event.code === code;
}

/** A key without Alt, Ctrl or Meta. */
export function plain(key: string, shift: boolean): (event: KeyboardEvent) => boolean {
  return (event) => event.key === key && event.shiftKey === shift && !event.altKey && !event.ctrlKey && !event.metaKey;
}

/** Listens for shortcuts on the whole page, terminals included; gives what stops it. */
export function listenForShortcuts(shortcuts: readonly Shortcut[]): () => void {
  const listen = (event: KeyboardEvent) => {
    const shortcut = shortcuts.find((candidate) => candidate.matches(event));
    if (shortcut === undefined || document.querySelector('dialog[open]') !== null) return;
    event.preventDefault();
    event.stopPropagation();
    shortcut.run(event);
  };
  // While capturing, so that it is heard before a terminal takes the key.
  addEventListener('keydown', listen, { capture: true });
  return () => removeEventListener('keydown', listen, { capture: true });
}
