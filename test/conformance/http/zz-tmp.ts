import { writeFileSync } from 'node:fs';
import { ALL_CASES } from './cases/index.ts';
import { play } from './play.ts';

const [cluster, socket = 'control', ...only] = process.argv.slice(2);

import { execFileSync } from 'node:child_process';

const pids = new Map<string, string>();
const pid = (m: string) => {
  if (!pids.has(m))
    pids.set(
      m,
      execFileSync('docker', ['inspect', '-f', '{{.State.Pid}}', `swarmlab-${cluster}-${m}`], {
        encoding: 'utf8',
      }).trim(),
    );
  return pids.get(m);
};
const socketOf = (m: string) =>
  socket === 'control' && cluster === 'creal'
    ? `/proc/${pid(m)}/root/run/swarmlab-engine/docker.sock`
    : `/tmp/state-c/swarmlab/clusters/${cluster}/nodes/${m}/${socket}.sock`;
let out = '';
for (const [name, cases] of Object.entries(ALL_CASES)) {
  if (only.length && !only.includes(name)) continue;
  const t = Date.now();
  const played = await play(cases, socketOf);
  for (const p of played) out += `${name} ${JSON.stringify(p.asked)}\n    ${p.answered.replace(/[\r\n]/g, '\\n')}\n`;
  console.error(name, cases.length, Date.now() - t, 'ms');
}
writeFileSync(`/tmp/c-http-${cluster}-${socket}.txt`, out);
