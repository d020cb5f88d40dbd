/** A lab from elsewhere, on its way to being one of ours. */
export interface ImportedLab {
  title: string;
  summary: string;
  introduction: string;
  steps: ImportedStep[];
  /** What an author has to look at, because it has no exact counterpart here. */
  remarks: ImportRemark[];
}

export interface ImportedStep {
  title: string;
  /** Markdown, with commands as `sh run=NODE` blocks already. */
  text: string;
  /** Scripts that set the step up, unseen by the student. */
  setUp: string[];
  /** The script that verified it. */
  verify: string | undefined;
}

export interface ImportRemark {
  /** The file that it is about, and where in it. */
  where: string;
  what: string;
}

/** Guesses, until the author knows better. */
const MINUTES_PER_STEP = 5;

/** The text of a lab file. */
export function renderLab(lab: ImportedLab): string {
  const minutes = Math.max(MINUTES_PER_STEP, lab.steps.length * MINUTES_PER_STEP);
  const names = new Set(
    [lab.introduction, ...lab.steps.map((step) => step.text)].flatMap((text) =>
      [...text.matchAll(/\{\{\s*([A-Za-z_][\w-]*)\s*\}\}/g)].map((match) => match[1] ?? ''),
    ),
  );
  const vars = names.size === 0 ? [] : ['vars:', ...[...names].map((name) => `  ${name}: ${JSON.stringify(name)}`)];
  const front = [
    `title: ${JSON.stringify(lab.title)}`,
    `summary: ${JSON.stringify(lab.summary)}`,
    `minutes: ${minutes}`,
    'domain: orchestration',
    ...vars,
  ];
  const ids = new Set<string>();
  const parts = [`---\n${front.join('\n')}\n---`, `# ${lab.title}`, lab.introduction.trim()];
  for (const step of lab.steps) {
    parts.push(`## ${step.title.replace(/[{}]/g, '')} {#${idOf(step.title, ids)}}`);
    for (const script of step.setUp) parts.push(fence('yaml fault', `- run: |\n${indent(script)}\n  on: master`));
    parts.push(step.text.trim());
    if (step.verify !== undefined)
      parts.push(fence('yaml check', `- script: |\n${indent(step.verify)}\n  on: master\n  user: root`));
  }
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

/** A fenced block whose fence is longer than any within. */
export function fence(info: string, body: string): string {
  const longest = Math.max(2, ...[...body.matchAll(/`{3,}/g)].map(([ticks]) => ticks.length));
  const ticks = '`'.repeat(longest + 1);
  return `${ticks}${info}\n${body.replace(/\n+$/, '')}\n${ticks}`;
}

const indent = (text: string) =>
  text
    .replace(/\r/g, '')
    .replace(/\t/g, '    ')
    .replace(/\s+$/, '')
    .split('\n')
    .map((line) => (line.trim() === '' ? '' : `    ${line}`))
    .join('\n');

function idOf(title: string, taken: Set<string>): string {
  const words = title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '');
  const stem = words === '' ? 'step' : words;
  let id = stem;
  for (let number = 2; taken.has(id); number++) id = `${stem}-${number}`;
  taken.add(id);
  return id;
}
