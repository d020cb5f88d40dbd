import { announce } from '../state/announcer.ts';
import { showNotice } from '../state/notice.ts';
import type { TerminalScreen } from './terminal-screen.ts';

const INSECURE = 'Browsers give the clipboard only to pages on localhost or over HTTPS; use the browser’s own menu.';

/** Copies what is selected in the terminal, if anything is. */
export async function copySelection(screen: TerminalScreen): Promise<void> {
  const text = screen.terminal.getSelection();
  if (text !== '') await copyText(text);
}

/** Puts a text onto the clipboard and says so. */
export async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    announce('Copied');
  } catch {
    showNotice({ text: 'It could not be copied.', next: INSECURE, tone: 'problem' });
  }
}

/** Pastes the clipboard's text into the terminal, as one paste that the shell can tell from typing. */
export async function paste(screen: TerminalScreen): Promise<void> {
  try {
    screen.terminal.paste(await navigator.clipboard.readText());
  } catch {
    showNotice({ text: 'The clipboard could not be read.', next: `Press Ctrl+Shift+V. ${INSECURE}`, tone: 'problem' });
  }
  screen.focus();
}
