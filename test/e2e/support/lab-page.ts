import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { Served } from './served.ts';

/** Longer than anything on the page takes, on a busy machine too. */
const PATIENCE = 120_000;

/** The terminal in front; side by side, the one that has the keyboard. */
const FRONT = '.terminal-pane-front';

/** The page of one workspace, as somebody at a browser works with it. */
export class LabPage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the browser complained about: scripts, policies, missing files. */
  readonly complaints: string[] = [];

  private constructor(page: Page) {
    this.page = page;
    this.context = page.context();
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.on('console', (message) => {
      // Chromium reports every failed request; while a server is down there are some, and tests that ask for a refusal expect it.
      if (message.type() === 'error' && !/Failed to load resource|WebSocket connection/.test(message.text())) {
        this.complaints.push(message.text());
      }
    });
    page.setDefaultTimeout(PATIENCE);
  }

  /** Signs in by the link that the server printed, in a browser of its own. */
  static async signIn(
    browser: Browser,
    served: Served,
    options: { width?: number; height?: number } = {},
  ): Promise<LabPage> {
    const { width = 1280, height = 800 } = options;
    const context = await browser.newContext({ viewport: { width, height } });
    await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: served.origin });
    const lab = new LabPage(await context.newPage());
    await lab.page.goto(served.signInLink);
    return lab;
  }

  /** Starts the lab of that title (or goes on with it) and waits for its terminals. */
  async openLab(title: string): Promise<void> {
    const card = this.page.locator('.lab-card', { has: this.page.getByRole('heading', { name: title, exact: true }) });
    await card.getByRole('button', { name: /^(Start|Go on)/ }).click();
    await this.page.getByRole('tab', { name: 'master' }).waitFor();
  }

  /** Another page of the same browser on the same workspace. */
  async duplicate(): Promise<LabPage> {
    const other = new LabPage(await this.context.newPage());
    await other.page.goto(this.page.url());
    await other.page.getByRole('tab', { name: 'master' }).waitFor();
    return other;
  }

  /** Starts another shell on a node, closes the one before, and waits for its prompt. */
  async freshShell(node: string, prompt: string): Promise<void> {
    await this.showNode(node);
    await this.page.getByRole('button', { name: 'Terminal settings' }).click();
    await this.page.getByRole('menuitem', { name: `Another shell on ${node}` }).click();
    await this.page.getByRole('button', { name: `Close ${node}`, exact: true }).click();
    await this.page.getByRole('button', { name: `Close ${node}`, exact: true }).waitFor({ state: 'detached' });
    await this.waitForText(prompt);
  }

  /** Brings a node's terminal to the front. */
  async showNode(node: string): Promise<void> {
    await this.page.getByRole('tab', { name: node, exact: true }).click();
    await this.page.locator(`${FRONT} .xterm-screen`).waitFor();
  }

  /** Types into the terminal in front, key by key. */
  async type(text: string): Promise<void> {
    await this.page.locator(`${FRONT} .xterm-helper-textarea`).focus();
    await this.page.keyboard.type(text);
  }

  /** Types a line and presses Enter. */
  async enter(line: string): Promise<void> {
    await this.type(line);
    await this.page.keyboard.press('Enter');
  }

  /** All that the terminal in front holds, what has scrolled away included, by its own menu and the clipboard. */
  async screen(): Promise<string> {
    // Browsers give the clipboard to the page in front only.
    await this.page.bringToFront();
    await this.page.evaluate(() => navigator.clipboard.writeText(''));
    await this.page.locator(`${FRONT} .xterm-helper-textarea`).focus();
    await this.page.keyboard.press('Shift+F10');
    await this.page.getByRole('menuitem', { name: 'Select all' }).click();
    await this.page.keyboard.press('Control+Shift+C');
    const deadline = Date.now() + PATIENCE;
    let copied = '';
    while (copied === '' && Date.now() < deadline) {
      copied = await this.page.evaluate(() => navigator.clipboard.readText());
    }
    if (copied === '') throw new Error('nothing was copied');
    return copied.replaceAll('\u00a0', ' ').replaceAll('\r', '');
  }

  /** Waits until the visible rows of the terminal in front contain a text (or match). */
  async waitForText(wanted: string | RegExp): Promise<void> {
    const pattern = typeof wanted === 'string' ? { source: escapeForRegExp(wanted), flags: '' } : wanted;
    // Looked up anew each time: a shell that is replaced brings another element.
    await this.page.waitForFunction(
      ([selector, source, flags]) => {
        const element = document.querySelector(selector);
        const text = [...(element?.children ?? [])].map((row) => row.textContent ?? '').join('\n');
        return new RegExp(source, flags).test(text.replaceAll('\u00a0', ' '));
      },
      [`${FRONT} .xterm-rows`, pattern.source, pattern.flags] as const,
      { timeout: PATIENCE },
    );
  }

  /** The visible rows of the terminal in front. */
  async visibleRows(): Promise<string[]> {
    const rows = this.page.locator(`${FRONT} .xterm-rows`);
    return rows.evaluate((element) =>
      [...element.children].map((row) => (row.textContent ?? '').replaceAll('\u00a0', ' ').trimEnd()),
    );
  }
}

function escapeForRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
