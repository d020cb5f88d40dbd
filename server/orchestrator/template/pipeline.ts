/** A word of an action, and its place in the text. What stands in parentheses is one word. */
export interface Term {
  text: string;
  at: number;
}

/** The commands between the pipes of an action that begins at `from`, each as its words. */
export function pipelineOf(action: string, from: number): Term[][] {
  const all: Term[][] = [[]];
  const word = /"(?:[^"\\]|\\.)*"|`[^`]*`|[|(]|[^\s|"`(]+/g;
  for (let match = word.exec(action); match !== null; match = word.exec(action)) {
    const [text] = match;
    const at = from + match.index;
    if (text === '|') all.push([]);
    else if (text !== '(') all.at(-1)?.push({ text, at });
    else {
      const end = closing(action, match.index);
      all.at(-1)?.push({ text: action.slice(match.index, end), at });
      word.lastIndex = end;
    }
  }
  return all;
}

/** The place behind the parenthesis that closes the one at `open`; the end of the action where none does. */
function closing(action: string, open: number): number {
  let depth = 0;
  for (const match of action.slice(open).matchAll(/"(?:[^"\\]|\\.)*"|`[^`]*`|[()]/g)) {
    if (match[0] === '(') depth += 1;
    else if (match[0] === ')') depth -= 1;
    if (depth === 0) return open + match.index + 1;
  }
  return action.length;
}
