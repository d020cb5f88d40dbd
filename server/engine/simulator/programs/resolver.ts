import type { Program } from './program.ts';

/** `nslookup NAME`, in busybox's layout. */
export const nslookup: Program = async (context) => {
  const name = context.argv.slice(1).find((argument) => !argument.startsWith('-'));
  if (name === undefined) {
    context.stderr('BusyBox: nslookup: usage: nslookup HOST\n');
    return 1;
  }
  const server = context.network.nameserver;
  context.stdout(`Server:\t\t${server}\nAddress:\t${server}:53\n\n`);
  const addresses = context.network.resolve(name);
  if (addresses.length === 0) {
    context.stdout(`** server can't find ${name}: NXDOMAIN\n\n`);
    return 1;
  }
  context.stdout('Non-authoritative answer:\n');
  for (const address of addresses) context.stdout(`Name:\t${name}\nAddress: ${address}\n`);
  context.stdout('\n');
  return 0;
};

/** `getent hosts NAME`. */
export const getent: Program = async (context) => {
  const [, database, name] = context.argv;
  if (database !== 'hosts' || name === undefined) return 1;
  const address = context.network.resolve(name)[0];
  if (address === undefined) return 2;
  context.stdout(`${address.padEnd(15)} ${name}\n`);
  return 0;
};
