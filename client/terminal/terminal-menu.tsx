import { Menu } from '../ui/menu.tsx';
import { copySelection, paste } from './clipboard.ts';
import type { TerminalSession } from './terminal-session.ts';

export interface TerminalMenuProps {
  session: TerminalSession;
  at: { x: number; y: number };
  onSearch: () => void;
  onClose: () => void;
}

/** What the right mouse button (or Shift+F10) offers in a terminal. */
export function TerminalMenu({ session, at, onSearch, onClose }: TerminalMenuProps) {
  const { screen } = session;
  return (
    <Menu
      label="Terminal"
      style={`inset-inline-start: ${at.x}px; inset-block-start: ${at.y}px`}
      onClose={onClose}
      items={[
        {
          label: 'Copy',
          hint: 'Ctrl+Shift+C',
          disabled: !screen.terminal.hasSelection(),
          onSelect: () => void copySelection(screen),
        },
        { label: 'Paste', hint: 'Ctrl+Shift+V', onSelect: () => void paste(screen) },
        { label: 'Select all', onSelect: () => screen.terminal.selectAll() },
        { label: 'Search', hint: 'Ctrl+Shift+F', onSelect: onSearch },
        { label: 'Forget what scrolled away', onSelect: () => screen.terminal.clear() },
      ]}
    />
  );
}
