import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { launchBrowser } from './browser.ts';
import { freePort } from './free-port.ts';
import { LabPage } from './lab-page.ts';
import type { Served } from './served.ts';
import { startStandInServer } from './stand-in.ts';
import { StandInNodes } from './stand-in-nodes.ts';

/** A browser at the page of a server whose nodes are stood in for: what most tests of the page begin with. */
export class Tour {
  readonly browser: Browser;
  readonly lab: LabPage;
  served: Served;
  readonly #folder: string;
  readonly #nodes: StandInNodes;

  private constructor(parts: { browser: Browser; lab: LabPage; served: Served; folder: string; nodes: StandInNodes }) {
    this.browser = parts.browser;
    this.lab = parts.lab;
    this.served = parts.served;
    this.#folder = parts.folder;
    this.#nodes = parts.nodes;
  }

  /** Starts nodes, server and browser, and signs in: the list of labs is in front. */
  static async begin(): Promise<Tour> {
    const folder = mkdtempSync(join(tmpdir(), 'sl-e2e-'));
    const browser = await launchBrowser();
    const nodes = new StandInNodes(join(folder, 'nodes'));
    await nodes.start();
    const served = await startStandInServer(folder, await freePort());
    return new Tour({ browser, lab: await LabPage.signIn(browser, served), served, folder, nodes });
  }

  /** Starts the server again after it was killed, at the same port. */
  async serveAgain(): Promise<void> {
    this.served = await startStandInServer(this.#folder, this.served.port);
  }

  async end(): Promise<void> {
    await this.browser.close();
    await this.served.kill();
    await this.#nodes.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
