import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { bracketMatching, foldGutter, foldKeymap, indentOnInput, indentUnit } from '@codemirror/language';
import { lintGutter, lintKeymap } from '@codemirror/lint';
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search';
import { EditorState } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { languageOf } from './editor-language.ts';
import { EDITOR_THEME } from './editor-theme.ts';

export interface EditorOptions {
  /** Tells the language. */
  path: string;
  text: string;
  onChange: (text: string) => void;
  /** Ctrl+S. */
  onSave: () => void;
}

export interface Editor {
  /** Shows another text; nothing happens when it is the one on show. */
  setText(text: string): void;
  dispose(): void;
}

/** Puts an editor into `parent`. Tab indents; Escape and then Tab leaves it. */
export function openEditor(parent: HTMLElement, options: EditorOptions): Editor {
  const save = () => {
    options.onSave();
    return true;
  };
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: options.text,
      extensions: [
        lineNumbers(),
        foldGutter(),
        lintGutter(),
        history(),
        drawSelection(),
        indentOnInput(),
        indentUnit.of('  '),
        bracketMatching(),
        highlightActiveLine(),
        highlightActiveLineGutter(),
        highlightSelectionMatches(),
        keymap.of([
          { key: 'Mod-s', run: save, preventDefault: true },
          indentWithTab,
          ...searchKeymap,
          ...historyKeymap,
          ...foldKeymap,
          ...lintKeymap,
          ...defaultKeymap,
        ]),
        languageOf(options.path),
        EDITOR_THEME,
        EditorView.contentAttributes.of({
          'aria-label': `${options.path}. Escape and then Tab leaves the editor.`,
        }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) options.onChange(update.state.doc.toString());
        }),
      ],
    }),
  });
  view.focus();
  return {
    setText: (text) => {
      if (text === view.state.doc.toString()) return;
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
    },
    dispose: () => view.destroy(),
  };
}
