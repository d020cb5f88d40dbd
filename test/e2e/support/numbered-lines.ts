/** The numbers of the lines `line N` in a terminal's text, in their order. */
export function numbersIn(screen: string): number[] {
  return [...screen.matchAll(/^line (\d+)\s*$/gm)].map(([, number]) => Number(number));
}

/** Where the numbers do not go up by one: nothing when no line is lost, doubled or out of order. */
export function breaksIn(numbers: readonly number[]): string[] {
  return numbers.flatMap((number, index) => {
    const before = numbers[index - 1];
    return before === undefined || number === before + 1 ? [] : [`${before} then ${number}`];
  });
}
