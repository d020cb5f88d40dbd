/** Whether a text is what the pattern says, in which `*` stands for anything. Takes time in proportion to the text, whatever the pattern. */
export function isLike(text: string, pattern: string): boolean {
  const [first = '', ...others] = pattern.split('*');
  const last = others.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first)) return false;
  let position = first.length;
  for (const part of others) {
    const found = text.indexOf(part, position);
    if (found < 0) return false;
    position = found + part.length;
  }
  return text.length >= position + last.length && text.endsWith(last);
}
