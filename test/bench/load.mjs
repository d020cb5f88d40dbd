/**
 * `node load.mjs SECONDS CONCURRENCY URL`, run inside a node (with -e there is no path in argv): requests without keep-alive, so many at a time, and the latencies and
 * failures as JSON on stdout.
 */
import { request } from 'node:http';

const [time, concurrency, url] = process.argv.slice(-3);
const end = performance.now() + Number(time) * 1000;
const latencies = [];
let failed = 0;

function once() {
  const began = performance.now();
  return new Promise((resolve) => {
    const call = request(url, { agent: false, timeout: 5_000 }, (response) => {
      response.resume();
      response.once('end', () => {
        latencies.push(performance.now() - began);
        resolve();
      });
    });
    call.once('timeout', () => call.destroy(new Error('timeout')));
    call.once('error', () => {
      failed++;
      resolve();
    });
    call.end();
  });
}

await Promise.all(
  Array.from({ length: Number(concurrency) }, async () => {
    while (performance.now() < end) await once();
  }),
);
latencies.sort((a, b) => a - b);
const at = (share) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? Number.NaN;
process.stdout.write(
  JSON.stringify({ requests: latencies.length, failed, seconds: Number(time), p50: at(0.5), p99: at(0.99) }),
);
