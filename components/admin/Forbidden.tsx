export const MAY_NOT = {
  title: "You may not do this",
  message: "Your role does not allow it. Ask an owner.",
};

/** Shown to people whose role may not open a page. */
export function Forbidden() {
  return (
    <>
      <h1>{MAY_NOT.title}</h1>
      <p>{MAY_NOT.message}</p>
      <p>
        <a href="/admin">To the overview</a>
      </p>
    </>
  );
}
