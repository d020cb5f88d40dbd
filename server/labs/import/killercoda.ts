import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { SwarmlabError } from '../../errors/swarmlab-error.ts';
import { readText } from '../read-text.ts';
import { fence, type ImportedLab, type ImportedStep, type ImportRemark } from './imported-lab.ts';
import { lowerHeading, piecesOf } from './line-by-line.ts';
import { remarkCommands, remarkVerify } from './remark-commands.ts';

const MAX_BYTES = 1024 * 1024;

const part = z.object({
  title: z.string().optional(),
  text: z.string().optional(),
  foreground: z.string().optional(),
  background: z.string().optional(),
  verify: z.string().optional(),
});

/** `index.json` of a scenario; what it may say besides is of no use here. */
const indexSchema = z.object({
  title: z.string(),
  description: z.string().optional(),
  details: z.object({
    intro: part.optional(),
    steps: z.array(part).default([]),
    finish: part.optional(),
    assets: z.record(z.string(), z.unknown()).optional(),
  }),
  backend: z.object({ imageid: z.string() }).optional(),
});

type Part = z.infer<typeof part>;

/** Reads a Killercoda scenario from its folder. Throws SL_USAGE when it is none. */
export async function readKillercoda(folder: string): Promise<ImportedLab> {
  const index = await readIndex(folder);
  const remarks: ImportRemark[] = [];
  const { intro, steps, finish, assets } = index.details;
  const read = (part: Part, title: string) => readPart(folder, part, title, remarks);
  const introduction = intro && (await read(intro, 'Introduction'));
  const imported: ImportedStep[] = [];
  for (const [number, step] of steps.entries()) imported.push(await read(step, `Step ${number + 1}`));
  if (finish !== undefined) imported.push(await read(finish, 'Finish'));
  const first = imported[0];
  if (introduction !== undefined) first?.setUp.unshift(...introduction.setUp);
  const image = index.backend?.imageid;
  if (image !== undefined)
    remarks.push({
      where: 'index.json',
      what: `it was written for the image ${image}: here there are four nodes of a Swarm`,
    });
  for (const [host, files] of Object.entries(assets ?? {}))
    remarks.push({
      where: 'index.json',
      what: `assets for ${host} have to be made by a fault or by the student: ${JSON.stringify(files)}`,
    });
  return {
    title: index.title,
    summary: index.description ?? index.title,
    introduction: introduction?.text ?? '',
    steps: imported,
    remarks,
  };
}

async function readIndex(folder: string): Promise<z.infer<typeof indexSchema>> {
  const file = join(folder, 'index.json');
  const text = await readText(file, MAX_BYTES, 'the scenario');
  try {
    return indexSchema.parse(JSON.parse(text));
  } catch (cause) {
    const reason = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause);
    throw new SwarmlabError('SL_USAGE', `${file} describes no scenario: ${reason}`, { cause });
  }
}

async function readPart(folder: string, part: Part, title: string, remarks: ImportRemark[]): Promise<ImportedStep> {
  const read = async (path: string | undefined) => {
    if (path === undefined) return undefined;
    const file = join(folder, path);
    if (existsSync(file)) return readText(file, MAX_BYTES, 'a file of the scenario');
    remarks.push({ where: path, what: 'it is not there' });
    return undefined;
  };
  const scripts = [part.background, part.foreground].filter((path) => path !== undefined);
  const setUp: string[] = [];
  for (const path of scripts) {
    const script = await read(path);
    if (script === undefined) continue;
    const tell = (what: string) => remarks.push({ where: path, what });
    tell('it became a fault that is run on master when the step begins, and must end with exit code 0');
    remarkCommands(script, tell);
    setUp.push(script);
  }
  const verify = await read(part.verify);
  if (verify !== undefined && part.verify !== undefined) {
    const where = part.verify;
    remarkVerify(verify, (what) => remarks.push({ where, what }));
  }
  const text = await read(part.text);
  return {
    title: part.title ?? title,
    text: text === undefined ? '' : convertText(text, part.text ?? '', remarks),
    setUp,
    verify,
  };
}

/** Killercoda's Markdown as ours: what can be clicked to run becomes a live block, the rest prose. */
function convertText(source: string, file: string, remarks: ImportRemark[]): string {
  const lines: string[] = [];
  for (const piece of piecesOf(source)) {
    const tell = (what: string) => remarks.push({ where: `${file}:${piece.line}`, what });
    if (piece.kind === 'fence') {
      const action = /^\{\{\s*(\w*)/.exec(piece.after)?.[1];
      if (action === 'exec' || action === 'execute') lines.push(run(piece.body, piece.after, tell));
      else lines.push(fence(/^\w*$/.test(piece.info) ? piece.info : '', withoutActions(piece.body, tell)));
      continue;
    }
    lines.push(convertLine(piece.text, tell));
  }
  return lines.join('\n');
}

function convertLine(line: string, tell: (what: string) => void): string {
  const commands = [...line.matchAll(/`([^`]+)`\{\{\s*exec(?:ute)?\b([^}]*)\}\}/g)];
  const prose = withoutActions(lowerHeading(line), tell);
  if (/^\s*<(details|summary|script|iframe|img|br)\b/i.test(line)) tell('HTML is shown as the text that it is');
  if (commands.length === 0) return prose;
  const blocks = commands.map(([, command = '', how = '']) => run(command, how, tell));
  // A line that is nothing but the command need not say it twice.
  const only = commands.length === 1 && line.trim() === commands[0]?.[0];
  return `${only ? '' : `${prose}\n`}\n${blocks.join('\n\n')}\n`;
}

function run(script: string, how: string, tell: (what: string) => void): string {
  if (/interrupt/.test(how)) tell('it interrupted what ran before: here each block has a shell of its own');
  remarkCommands(script, tell);
  return `\n${fence('sh run=master', withoutActions(script, tell))}\n`;
}

/** Takes the marks behind code away; addresses of the scenario's machine become those of a node. */
function withoutActions(text: string, tell: (what: string) => void): string {
  return text
    .replace(/\{\{\s*TRAFFIC_HOST(\d)_(\d+)\s*\}\}/g, (_all, _host, port: string) => {
      tell(`the link to port ${port} became one to master`);
      return `http://master.docker-dca.example:${port}`;
    })
    .replace(/(`)\{\{\s*(?:copy|exec|execute|open)?\b[^}]*\}\}/g, '$1');
}
