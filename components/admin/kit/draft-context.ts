"use client";

import { usePathname } from "next/navigation";
import { createContext, useContext } from "react";
import type { Typed } from "@/components/admin/form-state";

/** What was typed into a form when its session ended. */
export type ShownDraft = { path: string; typed: Typed };

export const DraftContext = createContext<ShownDraft | null>(null);

/** Returns whether a draft belongs to the page at a path. */
export function isDraftOf(draft: ShownDraft, pathname: string): boolean {
  return draft.path.split("?", 1)[0] === pathname;
}

/** Returns what was typed into this form of this page before the session ended, or null. */
export function useDraft(form: string): Typed | null {
  const draft = useContext(DraftContext);
  const here = usePathname();
  return draft !== null && draft.typed.form === form && isDraftOf(draft, here) ? draft.typed : null;
}
