import type { ReactNode } from "react";

/** A box that lets a table wider than the screen scroll, also by keyboard. */
export function Wide({ label, children }: { label: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reached by the keyboard.
    <section className="wide" tabIndex={0} aria-label={label}>
      {children}
    </section>
  );
}
