import { createPublicKey, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { z } from 'zod';
import { SwarmlabError } from '../errors/swarmlab-error.ts';
import { type Signature, trustedKeyOf, unpackEvidence } from '../grading/evidence/bundle.ts';
import { regrade } from '../grading/evidence/regrade.ts';
import type { GradeReport } from '../grading/report/grade-report.ts';
import { REPORT_FORMATS, REPORTERS } from '../grading/reporters/reporters.ts';
import { writeOutputFile } from './output-file.ts';
import { parseCall } from './parse-call.ts';

const regradeOptions = z.object({
  trust: z.string().optional(),
  format: z.enum(REPORT_FORMATS).default('pretty'),
  out: z.string().optional(),
});

const UNTRUSTED = 'Ask whoever graded for the bundle as it was made, or grade the submission again.';

/** `swarmlab regrade`: judges a submission again from its evidence, without a cluster. */
export function register(program: Command): void {
  program
    .command('regrade')
    .description('judge a submission again from the evidence that `grade --evidence` kept; needs no cluster')
    .argument('<bundle>')
    .option('--trust <key>', 'accept only evidence that is signed with the private part of this key (PEM)')
    .option('--format <format>', `one of ${REPORT_FORMATS.join(', ')}`)
    .option('--out <file>', 'write the report there instead of to stdout')
    .action(async (file: string, options: unknown) => {
      const call = parseCall(regradeOptions, options);
      const trusted = call.trust === undefined ? undefined : trustedKeyOf((await read(call.trust)).toString());
      const { evidence, signature } = unpackEvidence(await read(file));
      if (trusted !== undefined) demandTrust(signature, trusted);
      const report = await regrade(evidence);
      const text = REPORTERS[call.format](report);
      if (call.out === undefined) process.stdout.write(text);
      else await writeOutputFile(call.out, text);
      for (const line of [describeSignature(signature), ...differences(evidence.report, report)])
        process.stderr.write(`${line}\n`);
      if (signature.kind === 'broken')
        throw new SwarmlabError('SL_USAGE', 'the signature does not fit the evidence', { next: UNTRUSTED });
      process.exitCode = report.exitCode;
    });
}

async function read(file: string): Promise<Buffer> {
  return readFile(file).catch((cause: Error) => {
    throw new SwarmlabError('SL_USAGE', `${file} cannot be read: ${cause.message}`, {
      next: 'Name a file that is there and can be read.',
    });
  });
}

/** Refuses evidence that the key's owner has not signed. */
function demandTrust(signature: Signature, trusted: KeyObject): void {
  const same = signature.kind === 'valid' && createPublicKey(signature.publicKey).equals(trusted);
  if (!same)
    throw new SwarmlabError('SL_USAGE', 'the evidence is not signed with the trusted key', { next: UNTRUSTED });
}

function describeSignature(signature: Signature): string {
  switch (signature.kind) {
    case 'none':
      return 'The evidence is not signed: anybody may have changed it.';
    case 'broken':
      return 'The signature does not fit: the evidence was changed after it had been signed.';
    case 'valid':
      return "The signature is good: the evidence is as it was when it was signed. It says nothing about what was graded on a machine where the student is root: there a student can have anything signed. Grade in CI or on an instructor's machine where that matters.";
  }
}

/** Checks that were judged otherwise than at the time. */
function differences(then: GradeReport, now: GradeReport): string[] {
  return now.steps.flatMap((step) => {
    const before = then.steps.find((candidate) => candidate.id === step.id);
    return step.checks.flatMap((check, index) => {
      const old = before?.checks[index];
      return old === undefined || old.outcome === check.outcome
        ? []
        : [`${step.id}, line ${check.line}: ${old.outcome} then, ${check.outcome} now`];
    });
  });
}
