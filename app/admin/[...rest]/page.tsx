import { notThere } from "@/app/admin/_desk/visit";

/** Every address of the desk that is no page. */
export default function Page() {
  return notThere();
}
