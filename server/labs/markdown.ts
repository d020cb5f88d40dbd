import type { Nodes, Root } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { frontmatterFromMarkdown } from 'mdast-util-frontmatter';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { frontmatter } from 'micromark-extension-frontmatter';
import { gfm } from 'micromark-extension-gfm';

/** Deeper text than this is an attack on whoever walks through its tree. */
const MAX_DEPTH = 100;
/** The beginning of a line that opens that many quotes and lists: the parser would need very long for many more. */
const TOO_DEEP = new RegExp(`^(?:[ \\t]{0,3}(?:>|[*+-][ \\t]|\\d{1,9}[.)][ \\t])){${MAX_DEPTH}}`, 'm');

/** Markdown with GitHub's extensions and YAML front matter, as a tree with positions. Throws RangeError for what is nested too deeply. */
export function parseMarkdown(text: string): Root {
  if (TOO_DEEP.test(text)) throw new RangeError('nested too deeply');
  const root = fromMarkdown(text, {
    extensions: [frontmatter(['yaml']), gfm()],
    mdastExtensions: [frontmatterFromMarkdown(['yaml']), gfmFromMarkdown()],
  });
  let level: Nodes[] = [root];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) throw new RangeError('nested too deeply');
    level = level.flatMap((node) => ('children' in node ? node.children : []));
  }
  return root;
}
