import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { Icon } from '../ui/icon.tsx';
import { FilePane } from './file-pane.tsx';
import { type Asking, FileQuestion } from './file-question.tsx';
import { FileTools } from './file-tools.tsx';
import { FileTree } from './file-tree.tsx';
import type { NodeFiles } from './node-files.ts';
import { folderOf } from './tree.ts';
import './files.css';

/** What the shell has changed is looked for this often while the files are on show. */
const LOOK_AGAIN = 4000;

/** The student's home folder on one node: a tree, an editor, upload and download. */
export function FilesView({ files }: { files: NodeFiles }) {
  const selected = useSignal<string | undefined>(files.shown.peek());
  const asking = useSignal<Asking | undefined>(undefined);
  const hidden = useSignal(false);
  const dropping = useSignal(false);
  const picker = useRef<HTMLInputElement>(null);
  const place = useRef<HTMLElement>(null);
  useEffect(() => {
    void files.refresh();
    const timer = setInterval(() => {
      if (!document.hidden) void files.refresh();
    }, LOOK_AGAIN);
    return () => clearInterval(timer);
  }, [files]);

  const isAsking = asking.value !== undefined;
  useEffect(() => {
    if (!isAsking) return;
    return () => {
      // What had the focus before the dialog may have another name now, or be gone.
      if (document.activeElement === document.body) focusTree(place.current);
    };
  }, [isAsking]);

  const entries = files.listing.value?.entries ?? [];
  const chosen = entries.find(({ path }) => path === selected.value);
  const folder = chosen === undefined ? '' : chosen.kind === 'folder' ? chosen.path : folderOf(chosen.path);
  const upload = (list: FileList | null | undefined) => {
    const replace = (path: string) =>
      new Promise<boolean>((answer) => {
        asking.value = { what: 'replace', path, answer };
      });
    void files.upload([...(list ?? [])], folder, replace);
  };
  const ask = (next: Asking) => () => {
    asking.value = next;
  };
  const file = files.file.value;
  return (
    <section
      ref={place}
      class={`files ${dropping.value ? 'files-dropping' : ''}`}
      aria-label={`Files on ${files.node}`}
      onDragOver={(event) => {
        event.preventDefault();
        dropping.value = true;
      }}
      onDragLeave={() => {
        dropping.value = false;
      }}
      onDrop={(event) => {
        event.preventDefault();
        dropping.value = false;
        upload(event.dataTransfer?.files);
      }}
    >
      <div class="files-side">
        <FileTools
          picker={picker}
          folder={folder}
          hidden={hidden.value}
          onNew={(what) => ask({ what })()}
          onUpload={upload}
          onHide={(hide) => {
            hidden.value = hide;
          }}
        />
        <Problem files={files} />
        {files.listing.value !== undefined && (
          <FileTree
            files={files}
            hidden={hidden.value}
            selected={selected.value}
            onSelect={(path) => {
              selected.value = path;
            }}
            onRemove={(path) => ask({ what: 'remove', path })()}
            onRename={(path) => ask({ what: 'rename', path })()}
          />
        )}
        {files.listing.value?.more === true && <p class="files-note">There are more files than are listed here.</p>}
      </div>
      {file === undefined ? (
        <Nothing files={files} onNew={ask({ what: 'file' })} onUpload={() => picker.current?.click()} />
      ) : (
        <FilePane
          key={file.path}
          files={files}
          file={file}
          onRename={(path) => ask({ what: 'rename', path })()}
          onRemove={(path) => ask({ what: 'remove', path })()}
        />
      )}
      {asking.value !== undefined && (
        <FileQuestion
          files={files}
          asking={asking.value}
          folder={folder}
          onSelect={(path) => {
            selected.value = path;
          }}
          onClose={() => {
            const { value } = asking;
            asking.value = undefined;
            if (value?.what === 'replace') value.answer(false);
          }}
        />
      )}
    </section>
  );
}

function Problem({ files }: { files: NodeFiles }) {
  const problem = files.problem.value;
  if (problem === undefined) {
    return files.listing.value === undefined ? <p class="files-note">Reading the home folder …</p> : null;
  }
  return (
    <p class="files-note file-problem" role="alert">
      {problem.message} {problem.next}
    </p>
  );
}

function Nothing(props: { files: NodeFiles; onNew: () => void; onUpload: () => void }) {
  return (
    <div class="files-nothing">
      <p>
        Stack files, configurations and scripts in the home folder of <strong>{props.files.node}</strong>. Choose one,
        make one, or drop one here.
      </p>
      <div class="files-nothing-buttons">
        <button type="button" class="primary" onClick={props.onNew}>
          <Icon name="newFile" /> New file …
        </button>
        <button type="button" onClick={props.onUpload}>
          <Icon name="upload" /> Upload …
        </button>
      </div>
    </div>
  );
}

function focusTree(place: HTMLElement | null): void {
  const line = place?.querySelector<HTMLElement>('[role=treeitem][tabindex="0"]');
  (line ?? place?.querySelector<HTMLElement>('button'))?.focus();
}
