"use client";

import { usePathname } from "next/navigation";
import { DeskPlaces } from "@/components/admin/DeskPlaces";
import type { ShownRole } from "@/components/admin/places";

/** The navigation of the framework's pages, which marks the current page after each step in the browser, too. */
export function DeskNavigation({ label, role }: { label: string; role: ShownRole }) {
  return <DeskPlaces label={label} role={role} here={usePathname()} />;
}
