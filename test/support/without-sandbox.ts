import { chmodSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * A $PATH for a machine that allows no sandbox: its bubblewrap, put into `folder`, fails as it does in a container without privileges and
 * user namespaces.
 */
export function pathWithoutSandbox(folder: string): string {
  const bubblewrap = join(folder, 'bwrap');
  writeFileSync(bubblewrap, '#!/bin/sh\necho "bwrap: No permissions to create a new namespace" >&2; exit 1\n');
  chmodSync(bubblewrap, 0o755);
  return `${folder}${delimiter}${process.env.PATH}`;
}
