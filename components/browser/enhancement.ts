// What a browser with JavaScript adds to pages that work without: mistakes shown while typing, a post that survives a
// dropped connection, no double post, the device's share sheet. Compiled by app/(public)/_pages/enhancement.ts, at most 3 KB.
import type { BrowserErrorKey, EnhancementWords } from "@/components/browser/enhancement-words";
import { nameMistake, tidyName } from "@/lib/fields/name-rules";
import { emailMistake, mendAddress } from "@/lib/mailbox/address-rules";

/** One language's texts, put in when the script is compiled. */
declare const WORDS: EnhancementWords;

/** How long a post may take before it counts as lost, in milliseconds. */
const POST_LIMIT_MILLISECONDS = 45_000;
const FIELDS = ["name", "email", "country", "consent"] as const;

type Field = (typeof FIELDS)[number];
type Control = HTMLInputElement | HTMLSelectElement;
type Mistake = { field: string; text: string };

function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  properties: Partial<HTMLElementTagNameMap[Tag]>,
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

function ask(leaving: BeforeUnloadEvent): void {
  // Browsers before 2023 go by this alone.
  leaving.returnValue = true;
}

function enhanceForm(form: HTMLFormElement): void {
  const control = (name: string) => form.elements.namedItem(name) as Control | null;
  const submit = form.querySelector<HTMLButtonElement>("button[type=submit]");
  const label = submit?.textContent ?? "";
  let sending = false;

  function mistakeIn(field: Field): string | null {
    const asked = control(field);
    if (!asked) return null;
    const key = {
      name: () => nameMistake(tidyName(asked.value)),
      email: () => emailMistake(mendAddress(asked.value)),
      country: () => (asked.value ? null : "country.unknown"),
      consent: () => ((asked as HTMLInputElement).checked ? null : "consent.missing"),
    }[field]() as BrowserErrorKey | null;
    return key && WORDS.errors[key];
  }

  /** Shows what is wrong beside its field, or takes it away; the hint stays part of the description. */
  function mark(field: string, text: string | null): void {
    const asked = control(field);
    const id = `${field}-error`;
    document.getElementById(id)?.remove();
    if (!asked) return;
    asked.toggleAttribute("aria-invalid", false);
    const described = (asked.getAttribute("aria-describedby") ?? "")
      .split(" ")
      .filter((part) => part && part !== id);
    if (text !== null) {
      asked.before(element("p", { id, className: "err", role: "alert" }, text));
      asked.setAttribute("aria-invalid", "true");
      described.push(id);
    }
    if (described.length > 0) asked.setAttribute("aria-describedby", described.join(" "));
    else asked.removeAttribute("aria-describedby");
  }

  /** The box above the form that says what happened and takes the focus, as the server's answer would have it. */
  function announce(title: string, text: string, mistakes: Mistake[] = []): void {
    document.getElementById("errors")?.remove();
    const list = element(
      "ul",
      {},
      ...mistakes.map((mistake) =>
        element("li", {}, element("a", { href: `#${mistake.field}` }, mistake.text)),
      ),
    );
    const box = element(
      "div",
      { id: "errors", className: "alert", role: "alert", tabIndex: -1 },
      element("h2", {}, title),
      element("p", {}, text),
      list,
    );
    form.parentElement?.prepend(box);
    box.focus();
  }

  function announceMistakes(mistakes: Mistake[]): void {
    for (const { field, text } of mistakes) mark(field, text);
    announce(WORDS.summary, WORDS.lead, mistakes);
  }

  function busy(now: boolean): void {
    sending = now;
    if (!submit) return;
    submit.textContent = now ? WORDS.sending : label;
    submit.setAttribute("aria-disabled", String(now));
  }

  /** Of a post that was lost, the page alone holds what was typed: nothing of it is stored. A reload is asked about first. */
  function guard(unsent: boolean): void {
    removeEventListener("beforeunload", ask);
    if (unsent) addEventListener("beforeunload", ask);
  }

  async function post(): Promise<void> {
    const answer = await fetch(form.action, {
      method: "POST",
      headers: { accept: "application/json" },
      body: new URLSearchParams([...new FormData(form)].map(([name, value]) => [name, String(value)])),
      signal: AbortSignal.timeout(POST_LIMIT_MILLISECONDS),
    });
    if (answer.status === 202) {
      guard(false);
      // Whoever goes back, on a phone that others use too, finds nothing of the signer.
      form.reset();
      location.assign(answer.headers.get("location") ?? "");
    } else if (answer.status === 422) {
      const { errors } = (await answer.json()) as { errors: Record<string, string[]> };
      announceMistakes(Object.entries(errors).map(([field, texts]) => ({ field, text: texts.join(" ") })));
    } else if (answer.status >= 500) {
      announce(WORDS.notices.unavailable.title, WORDS.notices.unavailable.text);
      guard(true);
    } else {
      guard(false);
      // Anything else (closed, too many) has a page of its own, which the server shows.
      form.submit();
    }
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (sending) return;
    const mistakes = FIELDS.flatMap((field) => {
      const text = mistakeIn(field);
      mark(field, text);
      return text === null ? [] : [{ field, text }];
    });
    if (mistakes.length > 0) return announce(WORDS.summary, WORDS.lead, mistakes);
    busy(true);
    post()
      .catch(() => {
        announce(WORDS.notices.offline.title, WORDS.notices.offline.text);
        guard(true);
      })
      .finally(() => busy(false));
  });

  let pressed = false;
  addEventListener("pointerdown", () => (pressed = true), true);
  addEventListener("pointerup", () => (pressed = false), true);
  /** Leaving a field by pressing another: a message that came at once would move what is being pressed. */
  function afterPress(act: () => void): void {
    if (pressed) addEventListener("pointerup", () => setTimeout(act), { once: true });
    else act();
  }

  for (const field of FIELDS) {
    const asked = control(field);
    // First said when the field is left with something in it; from then on it follows every key.
    asked?.addEventListener("change", () => afterPress(() => mark(field, mistakeIn(field))));
    asked?.addEventListener("input", () => {
      if (document.getElementById(`${field}-error`)) mark(field, mistakeIn(field));
    });
  }
}

function enhanceShare(panel: HTMLElement): void {
  const { url = location.href } = panel.dataset;
  const offer = (text: string, act: (button: HTMLButtonElement) => Promise<unknown>) => {
    const button = element("button", { type: "button", className: "quiet" }, text);
    // Closing the share sheet rejects: nothing went wrong.
    button.addEventListener("click", () => act(button).catch(() => {}));
    panel.querySelector("ul")?.prepend(element("li", {}, button));
  };
  if ("clipboard" in navigator) {
    offer(WORDS.copy, async (button) => {
      await navigator.clipboard.writeText(url);
      button.textContent = WORDS.copied;
    });
  }
  if ("share" in navigator) offer(WORDS.device, () => navigator.share({ title: document.title, url }));
}

document.getElementById("errors")?.focus();
const form = document.querySelector<HTMLFormElement>("#sign form:not([target])");
if (form) enhanceForm(form);
for (const panel of document.querySelectorAll<HTMLElement>(".share")) enhanceShare(panel);
