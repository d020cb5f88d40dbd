import { readFileSync, writeFileSync } from 'node:fs';

/** In the file that `pointToNameServer` writes: whom the name server asks in turn. */
const FORWARDED = '# What it does not know is asked of:';

/**
 * Makes the node's programs ask the node's own name server, and gives the servers that were asked so far. The engine copies the file's
 * options into its containers; among them would be the `ndots:0` of an outer engine, which keeps names without a dot from being
 * passed on, and services have such names. Done again by a later agent it finds the same servers.
 */
export function pointToNameServer(path: string, address: string): string[] {
  const text = readText(path);
  const forwarded = text.split('\n').find((line) => line.startsWith(FORWARDED));
  const servers = forwarded ? forwarded.slice(FORWARDED.length).split(' ').filter(Boolean) : nameServersOf(text);
  const others = servers.filter((server) => server !== address);
  // The outer engine has mounted the file: it can be written, but not replaced.
  writeFileSync(path, `nameserver ${address}\n${[FORWARDED, ...others].join(' ')}\n`);
  return others;
}

/** The IPv4 name servers of a resolv.conf, in its order. */
function nameServersOf(text: string): string[] {
  return [...text.matchAll(/^\s*nameserver\s+(\d+\.\d+\.\d+\.\d+)\s*$/gm)].map((match) => match[1] ?? '');
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
