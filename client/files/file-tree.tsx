import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { Icon, type IconName } from '../ui/icon.tsx';
import type { NodeFiles } from './node-files.ts';
import { folderOf, type TreeLine, treeLines } from './tree.ts';

export interface FileTreeProps {
  files: NodeFiles;
  hidden: boolean;
  selected: string | undefined;
  onSelect: (path: string | undefined) => void;
  onRemove: (path: string) => void;
  onRename: (path: string) => void;
}

const ICONS: Record<string, IconName> = { folder: 'folder', link: 'link', file: 'file', other: 'file' };

/** The home folder as a tree; worked with the arrow keys, Enter, F2 and Delete. */
export function FileTree({ files, hidden, selected, onSelect, onRemove, onRename }: FileTreeProps) {
  const open = useSignal<ReadonlySet<string>>(new Set());
  const list = useRef<HTMLDivElement>(null);
  const lines = treeLines(files.listing.value?.entries ?? [], { open: open.value, hidden });
  const at = Math.max(
    0,
    lines.findIndex(({ entry }) => entry.path === selected),
  );
  const toggle = (path: string, wanted: boolean) => {
    const next = new Set(open.peek());
    if (wanted) next.add(path);
    else next.delete(path);
    open.value = next;
  };
  const choose = (line: TreeLine) => {
    onSelect(line.entry.path);
    if (line.entry.kind === 'folder') toggle(line.entry.path, !line.open);
    else if (line.entry.kind === 'file') void files.open(line.entry.path);
  };
  const focusLine = (index: number) => {
    const line = lines[index];
    if (line === undefined) return;
    onSelect(line.entry.path);
    list.current?.querySelectorAll<HTMLElement>('[role=treeitem]')[index]?.focus();
  };
  const press = (event: KeyboardEvent, line: TreeLine, index: number) => {
    const { path, kind } = line.entry;
    const acts: Record<string, () => void> = {
      ArrowDown: () => focusLine(index + 1),
      ArrowUp: () => focusLine(index - 1),
      Home: () => focusLine(0),
      End: () => focusLine(lines.length - 1),
      ArrowRight: () => (kind === 'folder' && !line.open ? toggle(path, true) : focusLine(index + 1)),
      ArrowLeft: () =>
        line.open ? toggle(path, false) : focusLine(lines.findIndex(({ entry }) => entry.path === folderOf(path))),
      Enter: () => choose(line),
      ' ': () => choose(line),
      Delete: () => onRemove(path),
      F2: () => onRename(path),
    };
    const act = acts[event.key];
    if (act === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    act();
  };
  return (
    <div ref={list} class="file-tree" role="tree" aria-label={`Home folder on ${files.node}`}>
      {lines.map((line, index) => {
        const { path, kind } = line.entry;
        return (
          <div
            key={path}
            role="treeitem"
            class={`file-line ${path === files.shown.value ? 'file-line-shown' : ''}`}
            style={{ '--level': line.level }}
            aria-level={line.level}
            aria-selected={path === selected}
            aria-expanded={kind === 'folder' ? line.open : undefined}
            tabIndex={index === at ? 0 : -1}
            title={kind === 'link' ? `${path} is a link: the page does not follow it` : path}
            onClick={() => choose(line)}
            onKeyDown={(event) => press(event, line, index)}
          >
            {kind === 'folder' ? <Icon name={line.open ? 'down' : 'right'} /> : <span class="file-indent" />}
            <Icon name={ICONS[kind] ?? 'file'} />
            <span class="file-name">{line.name}</span>
            {files.opened.value.get(path)?.dirty.value === true && (
              <span class="file-dirty" title="not saved">
                <span class="visually-hidden">, not saved</span>
              </span>
            )}
          </div>
        );
      })}
    </div>
  );
}
