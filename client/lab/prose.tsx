import type { ComponentChildren } from 'preact';
import { useContext } from 'preact/hooks';
import type { Prose as Node } from '../../server/workspaces/view/prose.ts';
import { LabLanguage } from './lab-language.ts';
import './prose.css';

/** A lab's text. Steps have the second level of headings, so what is inside them begins at the third. */
export function Prose({ nodes }: { nodes: readonly Node[] }) {
  return (
    <div class="prose" lang={useContext(LabLanguage)}>
      {nodes.map(draw)}
    </div>
  );
}

function draw(node: Node): ComponentChildren {
  switch (node.type) {
    case 'text':
      return node.text;
    case 'code':
      return <code>{node.text}</code>;
    case 'break':
      return <br />;
    case 'rule':
      return <hr />;
    case 'fence':
      return (
        <pre>
          <code>{node.text}</code>
        </pre>
      );
    case 'heading':
      return node.depth <= 3 ? <h3>{node.children.map(draw)}</h3> : <h4>{node.children.map(draw)}</h4>;
    case 'list':
      return node.ordered ? <ol start={node.start}>{node.children.map(draw)}</ol> : <ul>{node.children.map(draw)}</ul>;
    case 'link':
      return (
        <a href={node.url} target="_blank" rel="noopener noreferrer">
          {node.children.map(draw)}
        </a>
      );
    case 'table':
      return <Table rows={node.children} align={node.align} />;
    case 'paragraph':
      return <p>{node.children.map(draw)}</p>;
    case 'emphasis':
      return <em>{node.children.map(draw)}</em>;
    case 'strong':
      return <strong>{node.children.map(draw)}</strong>;
    case 'delete':
      return <del>{node.children.map(draw)}</del>;
    case 'quote':
      return <blockquote>{node.children.map(draw)}</blockquote>;
    case 'item':
      return <li>{node.children.map(draw)}</li>;
    case 'row':
    case 'cell':
      return node.children.map(draw);
  }
}

function Table({ rows, align }: { rows: readonly Node[]; align: readonly ('left' | 'right' | 'center' | null)[] }) {
  const [head, ...body] = rows.map((row) => ('children' in row ? row.children : []));
  const cell = (node: Node, column: number) => ({
    style: { textAlign: align[column] ?? ('left' as const) },
    children: 'children' in node ? node.children.map(draw) : null,
  });
  return (
    <div class="prose-table">
      <table>
        <thead>
          <tr>
            {head?.map((node, column) => (
              <th key={column} scope="col" {...cell(node, column)} />
            ))}
          </tr>
        </thead>
        <tbody>
          {body.map((row, index) => (
            <tr key={index}>
              {row.map((node, column) => (
                <td key={column} {...cell(node, column)} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
