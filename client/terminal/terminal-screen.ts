import { effect } from '@preact/signals';
import { FitAddon } from '@xterm/addon-fit';
import { SearchAddon } from '@xterm/addon-search';
import { WebLinksAddon } from '@xterm/addon-web-links';
import { Terminal } from '@xterm/xterm';
import { isTerminalDark, prefs } from '../state/preferences.ts';
import { silenceReplies } from './silence-replies.ts';
import { DARK_THEME, LIGHT_THEME } from './terminal-theme.ts';

const SCROLLBACK_LINES = 10_000;

export interface TerminalScreenHooks {
  input: (text: string) => void;
  /** Input that is no text: some mouse reports. */
  binary: (bytes: Uint8Array<ArrayBuffer>) => void;
  /** The user's window has another size now. */
  resized: (cols: number, rows: number) => void;
}

/** An xterm.js terminal and what belongs to it. It can be shown, hidden and shown elsewhere without losing anything. */
export class TerminalScreen {
  readonly terminal: Terminal;
  readonly search = new SearchAddon({ highlightLimit: 2000 });
  readonly #fit = new FitAddon();
  readonly #hooks: TerminalScreenHooks;
  readonly #element = document.createElement('div');
  readonly #observer: ResizeObserver;
  readonly #stopFollowing: () => void;
  #opened = false;

  constructor(hooks: TerminalScreenHooks) {
    this.#hooks = hooks;
    this.#element.className = 'terminal-screen';
    this.terminal = new Terminal({
      scrollback: SCROLLBACK_LINES,
      fontFamily: 'ui-monospace, "Cascadia Mono", "SF Mono", Menlo, "DejaVu Sans Mono", "Liberation Mono", monospace',
      fontSize: prefs.peek().fontSize,
      lineHeight: 1.15,
      cursorBlink: true,
      allowProposedApi: true,
      minimumContrastRatio: 4.5,
      theme: isTerminalDark.peek() ? DARK_THEME : LIGHT_THEME,
      linkHandler: { activate: (event, uri) => openLink(event, uri) },
    });
    this.terminal.loadAddon(this.#fit);
    this.terminal.loadAddon(this.search);
    this.terminal.loadAddon(new WebLinksAddon(openLink));
    silenceReplies(this.terminal.parser);
    this.terminal.onData((text) => {
      // Another viewer may have given the shell another size; whoever types decides.
      this.fit();
      hooks.input(text);
    });
    this.terminal.onBinary((text) => hooks.binary(Uint8Array.from(text, (character) => character.charCodeAt(0))));
    this.#observer = new ResizeObserver(() => this.fit());
    this.#stopFollowing = effect(() => {
      this.terminal.options.theme = isTerminalDark.value ? DARK_THEME : LIGHT_THEME;
      this.terminal.options.screenReaderMode = prefs.value.screenReader;
      this.terminal.options.fontSize = prefs.value.fontSize;
      this.fit();
    });
  }

  /** Puts the terminal into `parent`. */
  showIn(parent: HTMLElement): void {
    parent.append(this.#element);
    if (!this.#opened) {
      this.#opened = true;
      this.terminal.open(this.#element);
      this.terminal.textarea?.addEventListener('focus', () => this.fit());
    }
    this.#observer.observe(this.#element);
    this.fit();
  }

  /** Takes it out of the page, for the time being. */
  hide(): void {
    this.#observer.disconnect();
    this.#element.remove();
  }

  /** The size that fits where the terminal is shown; undefined while it is not. */
  get wantedSize(): { cols: number; rows: number } | undefined {
    if (!this.#opened || this.#element.clientWidth === 0) return undefined;
    const size = this.#fit.proposeDimensions();
    if (size === undefined || !Number.isFinite(size.cols) || !Number.isFinite(size.rows)) return undefined;
    return { cols: Math.max(2, size.cols), rows: Math.max(2, size.rows) };
  }

  /** Makes the terminal as large as its place, and says so. */
  fit(): void {
    const size = this.wantedSize;
    if (size === undefined || (size.cols === this.terminal.cols && size.rows === this.terminal.rows)) return;
    this.terminal.resize(size.cols, size.rows);
    this.#hooks.resized(size.cols, size.rows);
  }

  /** The size that the shell has now: another viewer may have changed it. */
  setSize(cols: number, rows: number): void {
    if (cols !== this.terminal.cols || rows !== this.terminal.rows) this.terminal.resize(cols, rows);
  }

  /** Writes output; `rendered` is called once it has been taken in. */
  write(bytes: Uint8Array, rendered: () => void): void {
    this.terminal.write(bytes, rendered);
  }

  /** Begins anew with a screen that stands for everything before. */
  restore(screen: string, rendered: () => void): void {
    // RIS, in the stream and not by reset(), so that it comes after what is still waiting to be parsed; as bytes, so that half a character
    // from before does not wait for its other half.
    this.terminal.write(new TextEncoder().encode(`\x1bc${screen}`), rendered);
  }

  focus(): void {
    this.terminal.focus();
  }

  dispose(): void {
    this.#stopFollowing();
    this.#observer.disconnect();
    this.terminal.dispose();
    this.#element.remove();
  }
}

/** Opens a link of the output in a new tab, if Ctrl (or Cmd) is held: output is not to be trusted with a plain click. */
function openLink(event: MouseEvent, uri: string): void {
  if (!event.ctrlKey && !event.metaKey) return;
  if (/^https?:\/\//i.test(uri)) window.open(uri, '_blank', 'noopener,noreferrer');
}
