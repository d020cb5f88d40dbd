/** A row of what the client draws while it waits, and everything that stood in it, one after the other. */
export interface ProgressRow {
  /** What stands before the colon: `overall progress`, `1/3`, `verify`, or `<node>` for a node's ID. */
  id: string;
  texts: string[];
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: terminals are driven by them
const CURSOR = /\x1b\[[0-9;?]*[A-Za-z]/g;
const ROW = /^(overall progress|verify|job progress|job complete|active tasks|\d+\/\d+|[0-9a-z]{12}): ?(.*)$/;
/** Stands for any count on the way. */
export const COUNTED = '<n> out of <n>';
const NODE_ID = /^[0-9a-z]{12}$/;

/**
 * Reads the rows out of everything that a terminal was sent, in the order in which they first appeared. A text that is drawn again
 * counts once. What is no row (a service's ID, an error) is left out.
 */
export function progressRows(sent: string): ProgressRow[] {
  const rows = new Map<string, ProgressRow>();
  for (const piece of sent.replace(CURSOR, '\n').split(/[\r\n]+/)) {
    const [, id, text = ''] = ROW.exec(piece.trim()) ?? [];
    if (id === undefined) continue;
    const row = rows.get(id) ?? { id: NODE_ID.test(id) ? '<node>' : id, texts: [] };
    rows.set(id, row);
    const settled = withoutChance(text.trim());
    if (row.texts.at(-1) !== settled) row.texts.push(settled);
  }
  return [...rows.values()].map(withoutCountsBetween);
}

/**
 * How many seconds are left is a matter of when one looks, and a service's ID is drawn by lot. The bar behind a state or a count is the
 * client's own drawing of it.
 */
const withoutChance = (text: string) =>
  text
    .replace(/\s*\[[=> ]*\]$/, '')
    .replace(/Waiting \d+ seconds?/, 'Waiting <n> seconds')
    .replace(/^Service [0-9a-z]{25} /, 'Service <id> ');

/** How many tasks are done at first and at last is certain; which counts are caught in between is not, nor how many a job has left. */
function withoutCountsBetween({ id, texts }: ProgressRow): ProgressRow {
  const settled = texts.map((text, index) =>
    index === 0 || index === texts.length - 1 ? text : text.replace(/^\d+ out of \d+/, COUNTED),
  );
  return { id, texts: settled.filter((text, index) => text !== settled[index - 1]) };
}
