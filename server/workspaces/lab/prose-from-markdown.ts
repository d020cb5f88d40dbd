import type { Nodes, RootContent } from 'mdast';
import type { Prose } from '../view/prose.ts';

/** Links lead to other pages over HTTP, or to a place in this one; everything else stays text. */
const SAFE_URL = /^(https?:\/\/|#)/i;

/** Puts a lab's names into a text. */
export type Expand = (text: string) => string;

/**
 * Markdown's tree as the page draws it, with names put in. HTML in a lab is shown as the text that it is; pictures become their
 * descriptions (the page fetches nothing from elsewhere).
 */
export function proseFromMarkdown(nodes: readonly RootContent[], expand: Expand): Prose[] {
  return nodes.flatMap((node) => convert(node, expand));
}

function convert(node: Nodes, expand: Expand): Prose[] {
  const children = () => ('children' in node ? node.children.flatMap((child) => convert(child, expand)) : []);
  switch (node.type) {
    case 'text':
    case 'html':
      return [{ type: 'text', text: expand(node.value) }];
    case 'inlineCode':
      return [{ type: 'code', text: expand(node.value) }];
    case 'code':
      return [{ type: 'fence', text: expand(node.value), ...(node.lang && { language: node.lang }) }];
    case 'break':
      return [{ type: 'break' }];
    case 'thematicBreak':
      return [{ type: 'rule' }];
    case 'image':
      return [{ type: 'text', text: node.alt ?? '' }];
    case 'heading':
      return [{ type: 'heading', depth: node.depth, children: children() }];
    case 'list':
      return [{ type: 'list', ordered: node.ordered ?? false, start: node.start ?? 1, children: children() }];
    case 'listItem':
      return [{ type: 'item', children: children() }];
    case 'link':
      return SAFE_URL.test(node.url) ? [{ type: 'link', url: expand(node.url), children: children() }] : children();
    case 'table':
      return [{ type: 'table', align: node.align ?? [], children: children() }];
    case 'tableRow':
      return [{ type: 'row', children: children() }];
    case 'tableCell':
      return [{ type: 'cell', children: children() }];
    case 'blockquote':
      return [{ type: 'quote', children: children() }];
    case 'paragraph':
    case 'emphasis':
    case 'strong':
    case 'delete':
      return [{ type: node.type, children: children() }];
    default:
      return children();
  }
}
