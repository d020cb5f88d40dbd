import { basename } from 'node:path';
import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import { z } from 'zod';
import { SwarmlabError } from '../errors/swarmlab-error.ts';
import { DOMAINS, domainSchema } from '../labs/front-matter.ts';
import { newLab } from '../labs/new-lab.ts';
import { writeOutputFile } from './output-file.ts';
import { parseCall } from './parse-call.ts';

const newOptions = z.object({
  title: z.string().min(1).optional(),
  summary: z.string().min(1).optional(),
  minutes: z.coerce.number().int().positive().optional(),
  domain: domainSchema.optional(),
  service: z
    .string()
    .regex(/^[a-z][a-z0-9-]*[a-z0-9]$/, 'a service is called by small letters, digits and inner hyphens')
    .default('web'),
});

/** `swarmlab new`: writes a lab of two steps that lints and proves, to start from. */
export function register(program: Command): void {
  program
    .command('new')
    .description('write a new lab; asks for what the options leave open')
    .argument('<lab>', 'its name, or the path of the file to write')
    .option('--title <title>')
    .option('--summary <sentence>')
    .option('--minutes <minutes>')
    .option('--domain <domain>', `one of ${DOMAINS.join(', ')}`)
    .option('--service <name>', 'the service that it is about')
    .action(async (lab: string, options: unknown) => {
      const given = parseCall(newOptions, options);
      const file = lab.endsWith('.md') ? lab : `${lab}.md`;
      const name = basename(file, '.md');
      if (!/^[a-z][a-z0-9-]*$/.test(name))
        throw new SwarmlabError('SL_USAGE', `${name} cannot be the name of a lab`, {
          next: 'Small letters, digits and hyphens can.',
        });
      const text = newLab({ ...(await complete(given, name)), service: given.service });
      await writeOutputFile(file, text, { fresh: true });
      process.stdout.write(`${file} is written\n  swarmlab lint ${file}\n  swarmlab prove ${file}\n`);
    });
}

/** Asks for what is missing where there is somebody to ask; else takes what suits any lab. */
async function complete(given: z.output<typeof newOptions>, name: string) {
  const words = name.split('-').join(' ');
  const title = words.charAt(0).toUpperCase() + words.slice(1);
  const asks = process.stdin.isTTY && process.stdout.isTTY;
  const prompt = asks ? createInterface({ input: process.stdin, output: process.stdout }) : undefined;
  const ask = async (question: string, otherwise: string) =>
    (await prompt?.question(`${question} [${otherwise}] `)) || otherwise;
  try {
    return {
      title: given.title ?? (await ask('Title', title)),
      summary: given.summary ?? (await ask('Summary, one sentence', `Practice ${words}.`)),
      minutes: given.minutes ?? parseCall(z.coerce.number().int().positive(), await ask('Minutes', '15')),
      domain: given.domain ?? parseCall(domainSchema, await ask(`Domain (${DOMAINS.join(', ')})`, 'orchestration')),
    };
  } finally {
    prompt?.close();
  }
}
