import { PLACES, RIGHTS, type ShownRole } from "@/components/admin/places";

type DeskPlacesProps = { label: string; role: ShownRole; here?: string | null | undefined };

/** The desk's navigation: the pages that a role may open, with the current one marked, and the sign-out. */
export function DeskPlaces({ label, role, here }: DeskPlacesProps) {
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
