import type { ReactNode } from "react";

/** Adds nothing: the page is our own and renders its own `html`. */
export default function Layout({ children }: { children: ReactNode }) {
  return children;
}
