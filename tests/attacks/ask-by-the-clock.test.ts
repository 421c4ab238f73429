import { describe, expect, test } from "vitest";
import { POST as confirm } from "@/app/api/confirm/route";
import { POST as access } from "@/app/api/signature/access/route";
import { POST as unsubscribe } from "@/app/api/unsubscribe/[token]/route";
import { SPANS_MILLISECONDS } from "@/lib/http/even-time";
import { useDatabase } from "@/tests/support/application";

useDatabase();

const TOKEN = "a-token-that-nobody-was-sent";
const form = (address: string, fields: Record<string, string>) =>
  new Request(`http://localhost${address}`, {
    method: "POST",
    headers: { accept: "application/json" },
    body: new URLSearchParams(fields),
  });

describe("an informer with a stopwatch", () => {
  test.each([
    ["a lost link", () => access(form("/api/signature/access", { email: "nobody@example.org" })), 202],
    [
      "unsubscribing",
      () => unsubscribe(form(`/api/unsubscribe/${TOKEN}`, {}), { params: Promise.resolve({ token: TOKEN }) }),
      200,
    ],
    ["confirming", () => confirm(form("/api/confirm", { token: TOKEN })), 410],
    ["disowning", () => confirm(form("/api/confirm", { token: TOKEN, action: "delete" })), 410],
  ])("waits as long after asking for %s in vain as after success", async (_, ask, status) => {
    const began = performance.now();
    expect((await ask()).status).toBe(status);
    // Work that ended sooner would have left sooner. A timer may fire a moment early.
    expect(performance.now() - began).toBeGreaterThan(SPANS_MILLISECONDS[0] - 1);
  });
});
