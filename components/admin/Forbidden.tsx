import { Notice } from "@/components/admin/Notice";

export const MAY_NOT = {
  title: "You may not do this",
  message: "Your role does not allow it. Ask an owner.",
};

/** Shown to people whose role may not open a page. */
export function Forbidden() {
  return <Notice {...MAY_NOT} />;
}
