/** Edit distance in which swapping two neighbours costs one, as a slip of the fingers does. */
function distance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      let cost = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
      );
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1])
        cost = Math.min(cost, (beforeLast[column - 2] ?? 0) + 1);
      current.push(cost);
    }
    beforeLast = last;
    last = current;
  }
  return last[b.length] ?? 0;
}

/** The known word that `word` was most likely meant to be, or undefined when none is near. */
export function closest(word: string, known: Iterable<string>): string | undefined {
  let best: { word: string; distance: number } | undefined;
  for (const candidate of known) {
    const far = distance(word.toLowerCase(), candidate.toLowerCase());
    if (best === undefined || far < best.distance) best = { word: candidate, distance: far };
  }
  return best !== undefined && best.distance <= Math.max(1, Math.floor(word.length / 3)) ? best.word : undefined;
}

/** More choices than this are not listed when one of them was probably meant. */
const MANY = 8;

/** `one of a, b, c`, headed by the likely intention. */
export function describeChoices(word: string, known: Iterable<string>): string {
  const choices = [...known];
  const likely = closest(word, choices);
  const list = choices.length === 1 ? `\`${choices[0]}\`` : `one of ${choices.join(', ')}`;
  if (likely === undefined || choices.length === 1) return list;
  return choices.length > MANY ? `\`${likely}\`` : `\`${likely}\` (${list})`;
}
