"use client";

import { usePathname } from "next/navigation";
import { PLACES, RIGHTS, type ShownRole } from "@/components/admin/places";

/** The desk's navigation: the pages that a role may open. */
export function DeskNavigation({ label, role }: { label: string; role: ShownRole }) {
  const here = usePathname();
  return (
    <nav aria-label="Desk">
      <ul>
        {PLACES.filter((place) => RIGHTS[role] >= RIGHTS[place.role]).map(({ href, name }) => (
          <li key={href}>
            <a href={href} aria-current={href === here ? "page" : undefined}>
              {name}
            </a>
          </li>
        ))}
        <li>
          <form method="post" action="/admin/sign-out" className="inline">
            <button type="submit" className="quiet">
              Sign out {label} ({role})
            </button>
          </form>
        </li>
      </ul>
    </nav>
  );
}
