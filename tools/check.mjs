/** `npm run check`: types, lint and import directions side by side; every finding is printed, the exit code is the worst one. */
import { spawn } from 'node:child_process';

const steps = [
  ['types', 'npx', ['tsc', '--noEmit', '-p', 'tsconfig.json']],
  ['lint', 'npx', ['biome', 'check', '--error-on-warnings', '.']],
  ['imports', 'node', ['tools/imports.mjs']],
];

const results = await Promise.all(
  steps.map(
    ([name, command, args]) =>
      new Promise((resolve) => {
        const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
        let output = '';
        child.stdout.on('data', (data) => (output += data));
        child.stderr.on('data', (data) => (output += data));
        child.on('close', (code) => resolve({ name, code: code ?? 1, output }));
      }),
  ),
);
for (const { name, code, output } of results) {
  if (code !== 0) console.log(output.trimEnd());
  console.log(`${name}: ${code === 0 ? 'ok' : 'failed'}`);
}
process.exit(Math.max(...results.map((result) => result.code)));
