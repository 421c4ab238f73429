import type { Metadata } from "next";

export const metadata: Metadata = { title: "You may not do this" };

export default function Forbidden() {
  return (
    <>
      <h1>You may not do this</h1>
      <p>Your role does not allow it. Ask an owner.</p>
      <p>
        <a href="/admin">To the overview</a>
      </p>
    </>
  );
}
