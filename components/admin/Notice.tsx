/** Says that something does not exist, or that the reader may not see it. */
export const NO_SUCH_PAGE = {
  title: "There is no such page",
  message: "It may have been deleted, or the address is not complete.",
};

type NoticeProps = { title: string; message: string };

/** A page that says one thing, and leads back to the overview. */
export function Notice({ title, message }: NoticeProps) {
  return (
    <>
      <h1>{title}</h1>
      <p>{message}</p>
      <p>
        <a href="/admin">To the overview</a>
      </p>
    </>
  );
}
