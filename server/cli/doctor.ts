import type { Command } from 'commander';
import type { Finding } from '../clusters/doctor/finding.ts';
import { printJson } from './output.ts';

const MARKS: Record<Finding['state'], string> = { ok: 'ok     ', limited: 'limited', missing: 'missing' };

/** `swarmlab doctor`: what this machine can and cannot do, and what follows. Exits with 3 when nothing would work. */
export function register(program: Command): void {
  program
    .command('doctor')
    .description('explain what this machine can and cannot do')
    .option('--json', 'print the findings as JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const { engineFindings } = await import('../clusters/doctor/engine-findings.ts');
      const { machineFindings } = await import('../clusters/doctor/machine-findings.ts');
      const { outerEngine } = await import('../clusters/outer-engine.ts');
      const findings = [...(await engineFindings(outerEngine())), ...(await machineFindings())];
      if (json) printJson(findings);
      else for (const finding of findings) print(finding);
      if (findings.some((finding) => finding.subject === 'Node.js' && finding.state === 'missing'))
        process.exitCode = 3;
    });
}

function print(finding: Finding): void {
  process.stdout.write(`${MARKS[finding.state]}  ${finding.subject}: ${finding.found}\n`);
  if (finding.follows) process.stdout.write(`           ${finding.follows}\n`);
  if (finding.remedy) process.stdout.write(`           -> ${finding.remedy}\n`);
}
