"use client";

import Link from "next/link";
import { useTimeZone } from "@/components/admin/kit/time-zone";

/** Says which time zone the page's times are in, and where to change it. */
export function TimesShown() {
  return (
    <p className="hint">
      Times are shown in the time zone {useTimeZone()}. You can change it in{" "}
      <Link href="/admin/settings/account" prefetch={false}>
        your account
      </Link>
      .
    </p>
  );
}
