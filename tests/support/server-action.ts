import { type FormAction, UNTOUCHED } from "@/components/admin/form-state";

/** A Server Action as React sees one: without JavaScript, its form says by `$ACTION_KEY` whose state it is. */
export function serverAction<Result = never>(id: string): FormAction<Result> {
  const reference = {
    $$FORM_ACTION: () => {
      const data = new FormData();
      data.set("id", id);
      return { name: id, method: "POST", encType: "multipart/form-data", data };
    },
    $$IS_SIGNATURE_EQUAL: (other: string) => other === id,
  };
  const action = async () => UNTOUCHED;
  return Object.assign(action, reference, { bind: () => Object.assign(() => {}, reference) });
}
