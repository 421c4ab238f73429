"use client";

import { usePathname } from "next/navigation";
import type { ReactNode } from "react";
import type { FormAction } from "@/components/admin/form-state";
import { DraftContext, isDraftOf, type ShownDraft } from "./draft-context";
import { Submit } from "./fields";
import { RowForm, RowForms } from "./RowForms";

type DraftProps = { draft: ShownDraft | null; discard: FormAction; children: ReactNode };

/**
 * Restores what was typed when the session ended: on its own page the form is filled in again, elsewhere
 * there is a link.
 */
export function Draft({ draft, discard, children }: DraftProps) {
  const here = usePathname();
  // The page keeps its place without a draft: React knows a form by its place, and hands it what came of it.
  return (
    <DraftContext.Provider value={draft}>
      {/* Another page starts afresh, without a message about a draft that was discarded before. */}
      <RowForms key={here} name="draft" action={discard}>
        {draft === null ? null : (
          <div className="alert" role="status">
            <p>
              Your session ended before your form was sent. We kept what you typed.{" "}
              {isDraftOf(draft, here) ? "It is in the form below." : <a href={draft.path}>Open the form</a>}
            </p>
            <RowForm>
              <Submit className="quiet">Discard it</Submit>
            </RowForm>
          </div>
        )}
      </RowForms>
      {children}
    </DraftContext.Provider>
  );
}
