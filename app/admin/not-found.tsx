import type { Metadata } from "next";
import { Notice } from "@/components/admin/Notice";

export const metadata: Metadata = { title: "Not found" };

export default function NotFound() {
  return (
    <Notice
      title="There is no such page"
      message="It may have been deleted, or the address is not complete."
    />
  );
}
