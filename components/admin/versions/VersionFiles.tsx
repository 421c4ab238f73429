import Link from "next/link";
import { Choice } from "@/components/admin/kit/fields";
import { ComparedFile, type ShownFile } from "@/components/admin/versions/ComparedFile";

type VersionFilesProps = {
  slug: string;
  /** What is shown: "Version 3", "The draft". */
  name: string;
  address: string;
  files: readonly ShownFile[];
  /** What it is compared with, as the field has it; empty if with nothing. */
  comparedWith: string;
  /** What it can be compared with. */
  others: readonly { value: string; label: string }[];
};

/** The files of a version of a campaign's text, and how they differ from those of another one. */
export function VersionFiles({ slug, name, address, files, comparedWith, others }: VersionFilesProps) {
  const isCompared = comparedWith !== "";
  const changed = files.filter(({ pieces }) => pieces !== null);
  return (
    <>
      <h1>{name}</h1>
      <p>
        <Link href={`/admin/${slug}/versions`} prefetch={false}>
          All versions
        </Link>
      </p>
      <form method="get" action={address} className="filters" aria-label="Compare">
        <Choice
          name="with"
          label="Compare with"
          initial={comparedWith}
          options={[{ value: "none", label: "nothing" }, ...others]}
        />
        <button type="submit">Compare</button>
      </form>
      {isCompared ? (
        <p>
          {changed.length === 0 ? "The two say the same. " : null}
          Words that were <ins>added are underlined</ins> behind a plus sign, and words that were{" "}
          <del>removed are struck through</del> behind a minus sign.
        </p>
      ) : null}
      {files.map((file) => (
        <ComparedFile key={file.path} file={file} isCompared={isCompared} />
      ))}
    </>
  );
}
