import { useLayoutEffect, useRef } from 'preact/hooks';
import './menu.css';

export interface MenuItem {
  label: string;
  hint?: string;
  /** For items that are on or off. */
  checked?: boolean;
  disabled?: boolean;
  onSelect: () => void;
}

/** A list of things to do, worked with the arrow keys; it closes when one is chosen, on Escape, and when focus leaves it. */
export function Menu(props: { label: string; items: MenuItem[]; onClose: () => void; style?: string }) {
  const list = useRef<HTMLDivElement>(null);
  const before = useRef<Element | null>(null);
  const giveFocusBack = () => {
    if (before.current instanceof HTMLElement) before.current.focus();
  };
  const buttons = () => [...(list.current?.querySelectorAll<HTMLButtonElement>('button:not(:disabled)') ?? [])];
  // Before the browser gets to paint or take a click, so that what had the focus is known.
  useLayoutEffect(() => {
    before.current = document.activeElement;
    buttons()[0]?.focus();
    return giveFocusBack;
  }, []);

  const press = (event: KeyboardEvent) => {
    const all = buttons();
    const at = all.findIndex((button) => button.matches(':focus'));
    if (event.key === 'Escape') props.onClose();
    else if (event.key === 'ArrowDown') all[(at + 1) % all.length]?.focus();
    else if (event.key === 'ArrowUp') all[(at - 1 + all.length) % all.length]?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div
      ref={list}
      class="menu"
      role="menu"
      aria-label={props.label}
      tabIndex={-1}
      style={props.style}
      onKeyDown={press}
      onFocusOut={(event) => {
        if (!(event.relatedTarget instanceof Node && list.current?.contains(event.relatedTarget))) props.onClose();
      }}
    >
      {props.items.map((item) => (
        <MenuButton
          key={item.label}
          item={item}
          onSelect={() => {
            // First the focus, then the deed: it may be about what has the focus.
            giveFocusBack();
            props.onClose();
            item.onSelect();
          }}
        />
      ))}
    </div>
  );
}

function MenuButton({ item, onSelect }: { item: MenuItem; onSelect: () => void }) {
  const words = (
    <>
      <span class="menu-mark">{item.checked === true ? '✓' : ''}</span>
      <span>{item.label}</span>
      {item.hint !== undefined && <kbd>{item.hint}</kbd>}
    </>
  );
  if (item.checked === undefined) {
    return (
      <button type="button" role="menuitem" disabled={item.disabled} onClick={onSelect}>
        {words}
      </button>
    );
  }
  return (
    <button
      type="button"
      role="menuitemcheckbox"
      aria-checked={item.checked}
      disabled={item.disabled}
      onClick={onSelect}
    >
      {words}
    </button>
  );
}
