/** A command of a shell script with the lines that belong to it. */
export interface ScriptCommand {
  text: string;
  /** The line in the script where it begins, from 0. */
  line: number;
}

/** What opens and closes a compound command, where it is the first word of a line. */
const OPENERS = /^\s*(if|for|while|until|case|\{)\b/;
const CLOSERS = /^\s*(fi|done|esac|\})/;

/**
 * Takes a script apart into its commands: one per line, with continued lines, here-documents, open quotes and compound commands kept
 * together. Comments and empty lines belong to none.
 */
export function commandsOf(script: string): ScriptCommand[] {
  const commands: ScriptCommand[] = [];
  let current: string[] = [];
  let start = 0;
  let depth = 0;
  let terminator: string | undefined;
  for (const [index, line] of script.split('\n').entries()) {
    if (current.length === 0) {
      if (/^\s*(#|$)/.test(line)) continue;
      start = index;
    }
    current.push(line);
    if (terminator !== undefined) {
      if (line.trim() !== terminator) continue;
      terminator = undefined;
    } else {
      terminator = /<<-?\s*(['"]?)(\w+)\1/.exec(line)?.[2];
      if (OPENERS.test(line) && !/;\s*(fi|done|esac)\s*$/.test(line)) depth++;
      if (CLOSERS.test(line)) depth = Math.max(0, depth - 1);
    }
    const text = current.join('\n');
    if (terminator !== undefined || depth > 0 || line.endsWith('\\') || hasOpenQuote(text)) continue;
    commands.push({ text, line: start });
    current = [];
  }
  if (current.length > 0) commands.push({ text: current.join('\n'), line: start });
  return commands;
}

/** Whether a quote is still open at the end of the text. Here-documents may hold anything and are not looked into. */
function hasOpenQuote(text: string): boolean {
  if (/<<-?\s*['"]?\w/.test(text)) return false;
  let quote: string | undefined;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '\\' && quote !== "'") at++;
    else if (quote === undefined && (character === "'" || character === '"')) quote = character;
    else if (character === quote) quote = undefined;
  }
  return quote !== undefined;
}
