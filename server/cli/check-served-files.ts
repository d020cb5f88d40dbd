import { readFileSync, statSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { SwarmlabError } from '../errors/swarmlab-error.ts';
import type { ServeOptions } from './serve-options.ts';

/** Throws SL_USAGE when a file or folder that `serve` is told of is not there or not what it should be, before anything is begun. */
export function checkServedFiles({ labs, tls }: ServeOptions): void {
  if (labs !== undefined && !statSync(labs, { throwIfNoEntry: false })?.isDirectory())
    throw new SwarmlabError('SL_USAGE', `there is no folder ${labs}`, {
      next: 'Name one with lab files: --labs FOLDER.',
    });
  if (tls === undefined) return;
  try {
    createSecureContext({ cert: readFileSync(tls.cert), key: readFileSync(tls.key) });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : cause;
    throw new SwarmlabError('SL_USAGE', `the certificate or its key cannot be used: ${reason}`, {
      next: 'Give two PEM files: --tls CERT,KEY.',
      cause,
    });
  }
}
