import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mailboxTransport } from "@/lib/mail";
import { useDatabase } from "@/tests/support/application";
import { openConnection, type RawAnswer } from "@/tests/support/raw-connection";
import { useWebServer } from "@/tests/support/web-server";

const LINK = "https://petition.example/en/confirm/zarmina";

useDatabase();
let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "petition-mailbox-"));
  process.env.DATA_FOLDER = folder;
  await mailboxTransport().deliver({
    key: "0198a000-0000-7000-8000-000000000000",
    mails: [
      {
        to: "zarmina@example.org",
        from: "a@example.org",
        subject: "Confirm",
        text: LINK,
        html: LINK,
        headers: {},
      },
    ],
  });
});
afterAll(async () => {
  delete process.env.DATA_FOLDER;
  await rm(folder, { recursive: true, force: true });
});

async function mailboxRoutes() {
  const [{ GET: data }, { GET: page }] = await Promise.all([
    import("@/app/dev/mailbox.json/route"),
    import("@/app/dev/mailbox/route"),
  ]);
  return [
    { method: "GET" as const, path: /^\/dev\/mailbox\.json$/, answer: data },
    { method: "GET" as const, path: /^\/dev\/mailbox$/, answer: page },
  ];
}

/** The first address of this machine that is not loopback. */
const outward = Object.values(networkInterfaces())
  .flat()
  .find((address) => address?.family === "IPv4" && !address.internal)?.address;

describe("S6: the mailbox of a demonstration", () => {
  const site = useWebServer(async () => ({ framed: await mailboxRoutes() }));
  const open = useWebServer(async () => ({ framed: await mailboxRoutes(), host: "0.0.0.0" }));

  async function ask(headers: readonly string[], { port = site.current().port, host = "127.0.0.1" } = {}) {
    const answers: RawAnswer[] = [];
    for (const address of ["/dev/mailbox.json", "/dev/mailbox"]) {
      const connection = openConnection(port, host);
      connection.send([`GET ${address} HTTP/1.1`, ...headers, "Connection: close", "", ""].join("\r\n"));
      const answer = await connection.answer();
      if (answer !== null) answers.push(answer);
      connection.close();
    }
    return answers;
  }
  const expectNothing = (answers: RawAnswer[], status = 404) => {
    expect(answers.map((answer) => answer.status)).toEqual([status, status]);
    for (const { body } of answers) expect(body).not.toContain("zarmina");
  };
  const local = () => `Host: localhost:${site.current().port}`;

  test.each(["localhost", "127.0.0.1", "[::1]", "LocalHost"])(
    "is shown to a user of the machine who asks for %s",
    async (name) => {
      const answers = await ask([`Host: ${name}:${site.current().port}`]);
      expect(answers.map(({ status }) => status)).toEqual([200, 200]);
      for (const { body } of answers) expect(body).toContain(LINK);
    },
  );

  test.each([
    "evil.example",
    "localhost.evil.example",
    "evil.localhost",
    "127.0.0.1.evil.example",
    "0.0.0.0",
    "[::]",
  ])("is closed to a page whose name %s is rebound to this machine", async (name) =>
    expectNothing(await ask([`Host: ${name}:${site.current().port}`])),
  );

  test("is closed to a page that names the machine with another port, or two hosts", async () => {
    expectNothing(await ask(["Host: localhost"]));
    expectNothing(await ask(["Host: localhost:1"]));
    expectNothing(await ask([local(), "Host: evil.example"]));
  });

  test.each([
    "Forwarded: for=127.0.0.1",
    "X-Forwarded-For: 127.0.0.1",
    "X-Forwarded-Host: localhost",
    "X-Forwarded-Proto: http",
    "X-Real-IP: 127.0.0.1",
    "Via: 1.1 proxy",
    "CF-Connecting-IP: 127.0.0.1",
    "True-Client-IP: 127.0.0.1",
  ])("is closed to a stranger behind a local proxy that sends %s", async (header) =>
    expectNothing(await ask([local(), header])),
  );

  test("is closed to a stranger who forges the web server's internal header", async () => {
    const forged = ["X-This-Machine: 1", "X-Client-Address: 127.0.0.1"];
    expectNothing(await ask(["Host: evil.example", ...forged]));
  });

  test.runIf(outward)("is out of reach for a neighbour on the office network", async () => {
    const refused = await new Promise<string>((resolve) => {
      const socket = connect(site.current().port, outward ?? "");
      socket.once("connect", () => resolve("connected"));
      socket.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? ""));
    });
    expect(refused).toBe("ECONNREFUSED");
  });

  test.runIf(outward)("is closed to a neighbour under a local name when HOST opens the site", async () => {
    const { port } = open.current();
    expectNothing(await ask([`Host: localhost:${port}`], { port, host: outward ?? "" }));
  });
});
