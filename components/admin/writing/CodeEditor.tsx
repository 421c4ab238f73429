"use client";

import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { markdown } from "@codemirror/lang-markdown";
import { defaultHighlightStyle, HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { type Diagnostic, lintGutter, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { type ChangeSpec, EditorState } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { useEffect, useRef } from "react";
import type { Problem } from "./conflict";
import type { Editing } from "./editing";

export type CodeEditorProps = {
  text: string;
  lang: string;
  dir: "ltr" | "rtl";
  /** Whether it is Markdown; else YAML, which is shown without colours. */
  isMarkdown: boolean;
  /** Ids of its label and of what describes it. */
  labelledBy: string;
  describedBy: string | undefined;
  problems: readonly Problem[];
  onReady: (editing: Editing) => void;
  onChange: (text: string) => void;
  onSave: () => void;
};

const theme = EditorView.theme({
  "&": {
    border: "2px solid var(--line)",
    borderRadius: "4px",
    background: "var(--paper)",
    color: "var(--ink)",
  },
  "&.cm-focused": { outline: "3px solid var(--red)", outlineOffset: "2px" },
  ".cm-scroller": { fontFamily: "inherit", lineHeight: "1.7", maxHeight: "70vh", overflow: "auto" },
  ".cm-content": { padding: ".5rem 0", caretColor: "var(--ink)", minHeight: "12rem" },
  ".cm-cursor": { borderInlineStartColor: "var(--ink)" },
  ".cm-gutters": { background: "var(--card)", color: "var(--ink)", border: "none" },
  ".cm-activeLine, .cm-activeLineGutter": { background: "var(--card)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    background: "var(--line)",
  },
  ".cm-tooltip, .cm-panels": { background: "var(--card)", color: "var(--ink)" },
});
/** Headings, emphasis and links by weight and line alone: colours would not be readable in light and in dark. */
const WEIGHTS = HighlightStyle.define(
  defaultHighlightStyle.specs.flatMap(({ color, ...rest }) => (Object.keys(rest).length > 1 ? [rest] : [])),
);

/**
 * An editor for Markdown that shows problems beside their lines. Tab leaves it, as it leaves any field; Ctrl+S
 * saves.
 */
export default function CodeEditor(props: CodeEditorProps) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const latest = useRef(props);
  latest.current = props;

  useEffect(() => {
    if (!place.current) return;
    const { text, lang, dir, isMarkdown, labelledBy, describedBy } = latest.current;
    const made = new EditorView({
      parent: place.current,
      state: EditorState.create({
        doc: text,
        extensions: [
          EditorView.cspNonce.of(nonceOfPage()),
          lineNumbers(),
          lintGutter(),
          history(),
          drawSelection(),
          highlightSpecialChars(),
          highlightActiveLine(),
          highlightSelectionMatches(),
          EditorView.lineWrapping,
          EditorView.perLineTextDirection.of(true),
          ...(isMarkdown ? [markdown(), syntaxHighlighting(WEIGHTS)] : []),
          theme,
          EditorView.contentAttributes.of({
            lang,
            dir,
            spellcheck: "true",
            // It is in the order of Tab anyway; checkers do not know that of what can be written in.
            tabindex: "0",
            "aria-labelledby": labelledBy,
            ...(describedBy === undefined ? {} : { "aria-describedby": describedBy }),
          }),
          keymap.of([
            {
              key: "Mod-s",
              preventDefault: true,
              run: () => {
                latest.current.onSave();
                return true;
              },
            },
            ...defaultKeymap,
            ...historyKeymap,
            ...searchKeymap,
          ]),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) latest.current.onChange(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = made;
    latest.current.onReady(editingOf(made));
    showProblems(made, latest.current.problems);
    return () => {
      view.current = null;
      made.destroy();
    };
  }, []);

  const { problems } = props;
  useEffect(() => {
    if (view.current) showProblems(view.current, problems);
  }, [problems]);

  return <div ref={place} dir={props.dir} />;
}

/** The nonce by which this page's policy allows styles. Scripts may read it, markup does not show it. */
function nonceOfPage(): string {
  return document.querySelector<HTMLElement>("style[nonce], script[nonce]")?.nonce ?? "";
}

function editingOf(view: EditorView): Editing {
  const toState = (changes: ChangeSpec) => view.dispatch({ changes });
  return {
    text: () => view.state.doc.toString(),
    apply: (patches) => toState([...patches]),
    selection: () => view.state.selection.main,
    insert({ from, to, insert, select }) {
      view.dispatch({
        changes: { from, to, insert },
        selection: { anchor: select.from, head: select.to },
        scrollIntoView: true,
      });
      view.focus();
    },
    goTo(line) {
      const { from } = view.state.doc.line(Math.min(Math.max(1, line), view.state.doc.lines));
      view.dispatch({
        selection: { anchor: from },
        effects: EditorView.scrollIntoView(from, { y: "center" }),
      });
      view.focus();
    },
  };
}

function showProblems(view: EditorView, problems: readonly Problem[]): void {
  const { doc } = view.state;
  const diagnostics = problems.map(({ line, message }): Diagnostic => {
    const { from, to } = doc.line(Math.min(Math.max(1, line), doc.lines));
    return { from, to, severity: "error", message };
  });
  view.dispatch(setDiagnostics(view.state, diagnostics));
}
