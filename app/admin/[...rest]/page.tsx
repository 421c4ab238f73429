import { notThere } from "@/app/admin/_desk/visit";

/** Answers desk addresses that do not exist. */
export default function Page() {
  return notThere();
}
