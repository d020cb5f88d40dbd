import { type Browser, chromium } from 'playwright-core';

const CHROMIUM = process.env.SWARMLAB_CHROMIUM ?? '/usr/bin/chromium';

/** Debian's Chromium without anything that would ask the network. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
