type TranslationsProps = { languages: readonly { name: string; reviewed: boolean }[] };

/** Which translations a native speaker has checked. */
export function Translations({ languages }: TranslationsProps) {
  return (
    <>
      <h2>Translations</h2>
      <ul>
        {languages.map(({ name, reviewed }) => (
          <li key={name}>
            <bdi>{name}</bdi>:{" "}
            {reviewed ? "checked by a native speaker" : "not checked yet, and its pages say so"}
          </li>
        ))}
      </ul>
    </>
  );
}
