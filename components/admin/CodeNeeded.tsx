/** Asks for a code before showing a page, then returns to it. */
export function CodeNeeded({ why, back }: { why: string; back: string }) {
  return (
    <div className="narrow form">
      <h1>Enter a code first</h1>
      <p>{why}</p>
      <form method="post" action="/admin/code">
        <input type="hidden" name="back" value={back} />
        <div className="field">
          <label htmlFor="code">Code</label>
          <p className="hint" id="code-hint">
            Six digits from your authenticator app, or one of your recovery codes.
          </p>
          <input id="code" name="code" autoComplete="one-time-code" required aria-describedby="code-hint" />
        </div>
        <p>
          <button type="submit">Continue</button> <a href="/admin">Back to the desk</a>
        </p>
      </form>
    </div>
  );
}
