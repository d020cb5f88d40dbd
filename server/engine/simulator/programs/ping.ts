import { type Program, pause } from './program.ts';

/** `ping [-c N] [-i S] HOST`, as busybox prints it: a line a second, for ever unless `-c` says how often. */
export const ping: Program = async (context) => {
  let count = Number.POSITIVE_INFINITY;
  let interval = 1;
  let host: string | undefined;
  const rest = context.argv.slice(1);
  for (let argument = rest.shift(); argument !== undefined; argument = rest.shift()) {
    if (argument === '-c') count = Number(rest.shift());
    else if (argument === '-i') interval = Number(rest.shift());
    else if (['-w', '-W', '-s', '-I', '-t'].includes(argument)) rest.shift();
    else if (!argument.startsWith('-')) host = argument;
  }
  if (host === undefined || Number.isNaN(count) || Number.isNaN(interval)) {
    context.stderr('BusyBox: ping: usage: ping [-c COUNT] [-i SECONDS] HOST\n');
    return 1;
  }
  const address = /^\d+(\.\d+){3}$/.test(host) ? host : context.network.resolve(host)[0];
  if (address === undefined) {
    context.stderr(`ping: bad address '${host}'\n`);
    return 1;
  }
  context.stdout(`PING ${host} (${address}): 56 data bytes\n`);
  let received = 0;
  let sent = 0;
  for (; sent < count; sent++) {
    if (context.network.reaches(address)) {
      received++;
      const milliseconds = 0.05 + ((sent * 37) % 90) / 1000;
      context.stdout(`64 bytes from ${address}: seq=${sent} ttl=64 time=${milliseconds.toFixed(3)} ms\n`);
    }
    if (sent + 1 < count && (await pause(context, interval * 1000))) return 130;
  }
  const lost = sent === 0 ? 0 : Math.round((100 * (sent - received)) / sent);
  context.stdout(
    `\n--- ${host} ping statistics ---\n${sent} packets transmitted, ${received} packets received, ${lost}% packet loss\n`,
  );
  return received > 0 ? 0 : 1;
};
