import Link from "next/link";

/** Says which time zone the page's times are in, and where to change it. */
export function TimesShown({ timeZone }: { timeZone: string }) {
  return (
    <p className="hint">
      Times are shown in the time zone {timeZone}. You can change it in{" "}
      <Link href="/admin/settings/account" prefetch={false}>
        your account
      </Link>
      .
    </p>
  );
}
