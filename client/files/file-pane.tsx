import { Icon } from '../ui/icon.tsx';
import { CodeEditor } from './code-editor.tsx';
import type { NodeFiles } from './node-files.ts';
import type { OpenFile } from './open-file.ts';
import { nameOf } from './tree.ts';

export interface FilePaneProps {
  files: NodeFiles;
  file: OpenFile;
  onRename: (path: string) => void;
  onRemove: (path: string) => void;
}

/** One open file: its name, what can be done with it, and its text. */
export function FilePane({ files, file, onRename, onRemove }: FilePaneProps) {
  const dirty = file.dirty.value;
  const saving = file.saving.value;
  return (
    <div class="file-pane">
      <header class="file-head">
        <h3 title={file.path}>
          ~/{file.path}
          {dirty && <span class="file-state"> · not saved</span>}
        </h3>
        <button
          type="button"
          class={dirty ? 'primary' : ''}
          disabled={!dirty || saving}
          title="Ctrl+S"
          onClick={() => void files.save(file)}
        >
          {saving ? 'Saving …' : 'Save'}
        </button>
        <a class="quiet-link" href={files.api.address(file.path)} download={nameOf(file.path)} title="Download">
          <Icon name="download" />
          <span class="visually-hidden">Download {file.path}</span>
        </a>
        <button
          type="button"
          class="quiet"
          aria-label={`Rename ${file.path}`}
          title="Rename"
          onClick={() => onRename(file.path)}
        >
          <Icon name="pen" />
        </button>
        <button
          type="button"
          class="quiet"
          aria-label={`Remove ${file.path}`}
          title="Remove"
          onClick={() => onRemove(file.path)}
        >
          <Icon name="bin" />
        </button>
      </header>
      {file.conflict.value && (
        <div class="file-conflict" role="alert">
          <p>The file was changed on {files.node} since it was opened here.</p>
          <button type="button" onClick={() => void file.load()}>
            Take that one
          </button>
          <button type="button" class="primary" onClick={() => void files.save(file, true)}>
            Save mine over it
          </button>
        </div>
      )}
      <FileBody files={files} file={file} />
    </div>
  );
}

function FileBody({ files, file }: { files: NodeFiles; file: OpenFile }) {
  switch (file.phase.value) {
    case 'loading':
      return <p class="terminal-note">Reading {file.path} …</p>;
    case 'binary':
      return <p class="terminal-note">This is no text. Download it to look into it.</p>;
    case 'large':
      return <p class="terminal-note">This is too long to be edited here. Download it, or use nano in the terminal.</p>;
    case 'failed':
      return (
        <p class="terminal-note file-problem" role="alert">
          {file.problem.value}
        </p>
      );
    case 'text':
      return <CodeEditor key={file.path} file={file} onSave={() => void files.save(file)} />;
  }
}
