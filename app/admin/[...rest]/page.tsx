import { notThere } from "@/app/admin/_desk/desk-page";

/** Answers desk addresses that do not exist. */
export default function Page() {
  return notThere();
}
