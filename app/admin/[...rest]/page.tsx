import { notFound } from "next/navigation";

/** Every address of the desk that is no page. */
export default function Page() {
  notFound();
}
