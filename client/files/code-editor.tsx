import { useEffect, useRef } from 'preact/hooks';
import type { Editor } from './editor.ts';
import type { OpenFile } from './open-file.ts';

/** The text of an open file, to be edited. The editor itself is loaded when it is first needed. */
export function CodeEditor({ file, onSave }: { file: OpenFile; onSave: () => void }) {
  const place = useRef<HTMLDivElement>(null);
  const save = useRef(onSave);
  save.current = onSave;
  useEffect(() => {
    let editor: Editor | undefined;
    let over = false;
    let stop: (() => void) | undefined;
    void import('./editor.ts').then(({ openEditor }) => {
      if (over || place.current === null) return;
      const opened = openEditor(place.current, {
        path: file.path,
        text: file.text.peek(),
        onChange: (text) => {
          file.text.value = text;
        },
        onSave: () => save.current(),
      });
      editor = opened;
      stop = file.text.subscribe((text) => opened.setText(text));
    });
    return () => {
      over = true;
      stop?.();
      editor?.dispose();
    };
  }, [file]);
  return <div ref={place} class="code-editor" />;
}
