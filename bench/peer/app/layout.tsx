import type { ReactNode } from "react";

/** The page brings its own `html`: it is our very page, drawn by the framework. */
export default function Layout({ children }: { children: ReactNode }) {
  return children;
}
