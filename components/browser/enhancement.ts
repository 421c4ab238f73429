// Progressive enhancement for browsers with JavaScript: errors shown while typing, posts that survive a
// dropped connection, no double posts, the device's share sheet. Compiled by
// app/(public)/_pages/enhancement.ts, at most 3 KB.
import type { BrowserErrorKey, EnhancementWords } from "@/components/browser/enhancement-words";
import { nameMistake, tidyName } from "@/lib/fields/name-rules";
import { emailMistake, mendAddress } from "@/lib/mailbox/address-rules";

/** One language's texts, inserted at compile time. */
declare const WORDS: EnhancementWords;

/** After how long a post counts as lost, in milliseconds. */
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
  // Needed by browsers before 2023.
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

  /** Shows an error beside its field, or removes it; the hint stays part of the description. */
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

  /** Shows the box above the form that says what happened and takes the focus, like the server's answer. */
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

  /**
   * After a lost post, only the page holds what was typed, since nothing is stored. Confirm before it is
   * reloaded.
   */
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
      // Clears the form, so that on a shared phone "back" shows nothing about the signer.
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
      // Any other answer (closed, too many) has its own page, which the server shows.
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
  /** Delays a message until a press is over: shown at once, it would move the button being pressed. */
  function afterPress(act: () => void): void {
    if (pressed) addEventListener("pointerup", () => setTimeout(act), { once: true });
    else act();
  }

  for (const field of FIELDS) {
    const asked = control(field);
    // First shown when the field is left non-empty; from then on updated on every key.
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
    // Closing the share sheet rejects the promise, which is not an error.
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
