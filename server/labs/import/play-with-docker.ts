import { z } from 'zod';
import { SwarmlabError } from '../../errors/swarmlab-error.ts';
import { DEFAULT_NODES } from '../front-matter.ts';
import { ProblemCollector } from '../lab-problem.ts';
import { readText } from '../read-text.ts';
import { parseYamlBlock } from '../yaml-block.ts';
import { fence, type ImportedLab, type ImportedStep, type ImportRemark } from './imported-lab.ts';
import { lowerHeading, type MarkdownPiece, piecesOf } from './line-by-line.ts';
import { remarkCommands } from './remark-commands.ts';

const MAX_BYTES = 1024 * 1024;
const frontSchema = z.object({ title: z.string(), terms: z.coerce.number().optional() });

/** Reads a post of the Play with Docker training site. Throws SL_USAGE when it is none. */
export async function readPlayWithDocker(file: string): Promise<ImportedLab> {
  const source = (await readText(file, MAX_BYTES, 'the post')).replace(/\r\n?/g, '\n');
  const [, yaml = '', body = ''] = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(source) ?? [];
  const front = frontSchema.safeParse(
    parseYamlBlock(yaml, { line: 2, column: 1 }, new ProblemCollector(file), 'front matter')?.value,
  );
  if (!front.success) throw new SwarmlabError('SL_USAGE', `${file} is no post: its front matter has no title`);
  const offset = yaml.split('\n').length + 2;
  const conversion = new PostConversion(file, offset);
  for (const piece of piecesOf(body)) conversion.take(piece);
  return { title: front.data.title, summary: front.data.title, ...conversion.result() };
}

/** A post while it is converted: a step for each second-level heading. */
class PostConversion {
  readonly #file: string;
  readonly #offset: number;
  readonly #remarks: ImportRemark[] = [];
  readonly #steps: (ImportedStep & { lines: string[] })[] = [];
  readonly #introduction: string[] = [];
  #quiz: { ask: string[]; options: { text: string; right: boolean }[]; line: number } | undefined;
  #questions = 0;

  constructor(file: string, offset: number) {
    this.#file = file;
    this.#offset = offset;
  }

  take(piece: MarkdownPiece): void {
    if (this.#quiz !== undefined && this.#continueQuiz(piece)) return;
    if (piece.kind === 'fence') {
      this.#takeFence(piece);
    } else if (/^##\s/.test(piece.text)) {
      const title = piece.text.replace(/^##\s+/, '').replace(/\s*\{.*$/, '');
      this.#steps.push({ title: title.trim(), text: '', setUp: [], verify: undefined, lines: [] });
    } else if (/^\s*\{:\s*\.quiz\s*\}\s*$/.test(piece.text)) {
      this.#quiz = { ask: [], options: [], line: piece.line };
    } else {
      this.#add(this.#convertLine(piece.text, piece.line));
    }
  }

  result(): Pick<ImportedLab, 'introduction' | 'steps' | 'remarks'> {
    this.#endQuiz();
    const steps = this.#steps.map(({ lines, ...step }) => ({ ...step, text: lines.join('\n') }));
    for (const { title } of this.#steps)
      this.#remarks.push({ where: this.#file, what: `nothing checks the step "${title}": posts have no checks` });
    return { introduction: this.#introduction.join('\n'), steps, remarks: this.#remarks };
  }

  #takeFence({ info, body, line }: Extract<MarkdownPiece, { kind: 'fence' }>): void {
    const terminal = Number(/^\.term(\d+)$/.exec(info)?.[1] ?? 0);
    if (terminal === 0) {
      this.#add(fence(/^\w+$/.test(info) ? info : '', body));
      return;
    }
    const node = DEFAULT_NODES[terminal - 1];
    if (node === undefined) this.#tell(line, `there is no node for terminal ${terminal}; master took its place`);
    remarkCommands(body, (what) => this.#tell(line, what));
    this.#add(`\n${fence(`sh run=${node ?? 'master'}`, body)}\n`);
  }

  #convertLine(text: string, line: number): string {
    if (/\{%.*%\}/.test(text)) this.#tell(line, 'a Liquid tag was taken out');
    if (/\{\{\s*site\b/.test(text)) this.#tell(line, 'it refers to the site that it was on');
    const linked = text.replace(
      /\[([^\]]*)\]\([^)]*\)((?:\{:[^}]*\})+)/g,
      (_all, label: string, attributes: string) => {
        const port = /data-port="?(\d+)/.exec(attributes)?.[1] ?? '80';
        const terminal = Number(/data-term="?\.term(\d+)/.exec(attributes)?.[1] ?? 1);
        this.#tell(line, `the link to port ${port} became one to a node`);
        return `[${label}](http://${DEFAULT_NODES[terminal - 1] ?? 'master'}.docker-dca.example:${port})`;
      },
    );
    return lowerHeading(linked.replace(/\{%.*?%\}/g, '').replace(/\{:[^}]*\}/g, ''));
  }

  /** Takes what belongs to a question; false when the question is over. */
  #continueQuiz(piece: MarkdownPiece): boolean {
    const quiz = this.#quiz;
    const [, mark, option] =
      piece.kind === 'line' ? (/^\s*[-*]\s*[([]\s*([xX]?)\s*[)\]]\s*(.*)$/.exec(piece.text) ?? []) : [];
    if (quiz !== undefined && option !== undefined) {
      quiz.options.push({ text: option.trim(), right: mark !== '' });
      return true;
    }
    if (quiz !== undefined && piece.kind === 'line' && quiz.options.length === 0 && !/^#/.test(piece.text)) {
      if (piece.text.trim() !== '') quiz.ask.push(piece.text.trim());
      return true;
    }
    this.#endQuiz();
    return false;
  }

  #endQuiz(): void {
    const quiz = this.#quiz;
    this.#quiz = undefined;
    if (quiz === undefined) return;
    const options = [...new Set(quiz.options.map(({ text }) => text))];
    const right = quiz.options.filter((option) => option.right).map(({ text }) => text);
    if (options.length < 2 || right.length === 0 || quiz.ask.length === 0) {
      this.#tell(quiz.line, 'a question without options or without a right one was left out');
      return;
    }
    const item = [
      `- id: question-${++this.#questions}`,
      `  ask: ${JSON.stringify(quiz.ask.join(' '))}`,
      '  options:',
      ...options.map((option) => `    - ${JSON.stringify(option)}`),
      '  right:',
      ...right.map((option) => `    - ${JSON.stringify(option)}`),
    ];
    this.#add(`\n${fence('yaml quiz', item.join('\n'))}\n`);
  }

  /** Questions before the first heading have no step to belong to: they begin one. */
  #add(text: string): void {
    const live = /^\s*`{3,}(sh run|yaml quiz)/.test(text);
    if (live && this.#steps.length === 0)
      this.#steps.push({ title: 'Begin', text: '', setUp: [], verify: undefined, lines: [] });
    (this.#steps.at(-1)?.lines ?? this.#introduction).push(text);
  }

  #tell(line: number, what: string): void {
    this.#remarks.push({ where: `${this.#file}:${line + this.#offset}`, what });
  }
}
