"use client";

import type { ReactNode } from "react";
import { useField } from "@/components/admin/kit/DeskForm";

/** Folds a form's fields away until they are wanted, or the form comes back with what was typed. */
export function Correction({ children }: { children: ReactNode }) {
  const { sent } = useField("title");
  return (
    <details open={sent}>
      <summary>Correct it</summary>
      {children}
    </details>
  );
}
