"use client";

/** Shown when a page fails. The cause is in the server's log. */
export default function DeskError({ reset }: { error: Error; reset: () => void }) {
  return (
    <>
      <h1>This page could not be loaded</h1>
      <p>Nothing was changed. The reason is in the server’s log. Try again in a moment.</p>
      <p>
        <button type="button" onClick={reset}>
          Try again
        </button>{" "}
        <a href="/admin">To the overview</a>
      </p>
    </>
  );
}
