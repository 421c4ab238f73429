// Solves the proof of work that a form asks for under load, then sends the form as it is. Compiled by
// app/(public)/_pages/enhancement.ts, at most 2 KB. Runs asynchronously, so the page stays usable on a slow
// phone.

/** The server's challenge (ALTCHA v2, PBKDF2). */
type Challenge = {
  parameters: { nonce: string; salt: string; cost: number; keyLength: number; keyPrefix: string };
  signature: string;
};

/** The counter follows the nonce: four bytes, big-endian. */
const COUNTER_BYTES = 4;

const bytesOf = (hex: string) => Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
const hexOf = (bytes: Uint8Array) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");

async function solve({ nonce, salt, cost, keyLength, keyPrefix }: Challenge["parameters"]) {
  const start = bytesOf(nonce);
  const password = new Uint8Array(start.length + COUNTER_BYTES);
  password.set(start);
  const how = { name: "PBKDF2", hash: "SHA-256", salt: bytesOf(salt), iterations: cost };
  for (let counter = 1; ; counter++) {
    new DataView(password.buffer).setUint32(start.length, counter);
    const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
    const derivedKey = hexOf(new Uint8Array(await crypto.subtle.deriveBits(how, key, keyLength * 8)));
    if (derivedKey.startsWith(keyPrefix)) return { counter, derivedKey };
  }
}

const form = document.querySelector<HTMLFormElement>("form[data-challenge]");
if (form) {
  const challenge = JSON.parse(form.dataset.challenge ?? "") as Challenge;
  // If the browser cannot solve it, the reader follows the page's advice: wait, then press the button.
  solve(challenge.parameters).then(
    (solution) => {
      const proof = Object.assign(document.createElement("input"), { type: "hidden", name: "proof" });
      proof.value = JSON.stringify({ challenge, solution });
      form.append(proof);
      form.submit();
    },
    () => {},
  );
}
