import { Dialog } from './dialog.tsx';
import type { Shortcut } from './shortcuts.ts';

/** In terminals, besides what the shell itself understands. */
const IN_TERMINALS: readonly [keys: string, does: string][] = [
  ['Ctrl+Shift+C', 'copy the selection'],
  ['Ctrl+Shift+V', 'paste'],
  ['Ctrl+Shift+F', 'search'],
  ['Shift+PageUp / PageDown', 'scroll'],
  ['Shift+F10', 'menu'],
];

/** Lists every shortcut there is. */
export function ShortcutDialog(props: { shortcuts: readonly Shortcut[]; onClose: () => void }) {
  return (
    <Dialog title="Keyboard shortcuts" onClose={props.onClose}>
      <ShortcutTable caption="Everywhere" rows={props.shortcuts.map(({ keys, does }) => [keys, does])} />
      <ShortcutTable caption="In a terminal" rows={IN_TERMINALS} />
    </Dialog>
  );
}

function ShortcutTable(props: { caption: string; rows: readonly (readonly [string, string])[] }) {
  return (
    <table class="shortcut-table">
      <caption>{props.caption}</caption>
      <tbody>
        {props.rows.map(([keys, does]) => (
          <tr key={keys}>
            <th scope="row">
              <kbd>{keys}</kbd>
            </th>
            <td>{does}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
