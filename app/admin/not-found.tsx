import type { Metadata } from "next";

export const metadata: Metadata = { title: "Not found" };

export default function NotFound() {
  return (
    <>
      <h1>There is no such page</h1>
      <p>It may have been deleted, or the address is not complete.</p>
      <p>
        <a href="/admin">To the overview</a>
      </p>
    </>
  );
}
