import type { Metadata } from "next";
import { NO_SUCH_PAGE, Notice } from "@/components/admin/Notice";

export const metadata: Metadata = { title: "Not found" };

export default function NotFound() {
  return <Notice {...NO_SUCH_PAGE} />;
}
