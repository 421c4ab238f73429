import sharp from "sharp";
import { beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { GET } from "@/app/(public)/pictures/[file]/route";
import { add, remove } from "@/app/admin/[campaign]/pictures/actions";
import page from "@/app/admin/[campaign]/pictures/page";
import { setCampaigns } from "@/lib/campaigns";
import { database } from "@/lib/db/client";
import {
  addPicture,
  followPictures,
  importPictures,
  loadPictures,
  pictureFilesOf,
  pictureSources,
  picturesOf,
  preparePictures,
  removePicture,
} from "@/lib/pictures";
import { useDatabase } from "@/tests/support/application";
import { send, show } from "@/tests/support/desk-pages";
import { OWNER, sessionOf } from "@/tests/support/session";

useDatabase();

const SLUG = "gate-of-the-border";
const OTHER = "road-to-the-border";
const id: Record<string, string> = { [SLUG]: crypto.randomUUID(), [OTHER]: crypto.randomUUID() };
const SHADES = { gate: "#b33", road: "#238", camp: "#283" };
/** Made once: each is a picture like no other. */
const files = new Map<string, Buffer>();
const file = (name: keyof typeof SHADES): Buffer => files.get(name) ?? Buffer.of();

beforeAll(async () => {
  for (const [name, background] of Object.entries(SHADES))
    files.set(
      name,
      await sharp({ create: { width: 800, height: 400, channels: 3, background } })
        .jpeg()
        .toBuffer(),
    );
  for (const slug of [SLUG, OTHER])
    await database().$executeRaw`
      INSERT INTO campaign (id, slug, goal) VALUES (${id[slug as keyof typeof id]}::uuid, ${slug}, 1000)`;
});
beforeEach(async () => {
  await database().campaignPicture.deleteMany();
  await loadPictures();
});

const adding = (slug: string, name: string, bytes: Uint8Array) => addPicture(OWNER, slug, { name, bytes });
async function added(slug = SLUG, name = "gate.jpg", bytes: Uint8Array = file("gate")): Promise<string> {
  expect(await adding(slug, name, bytes)).toEqual({ ok: true, name });
  return name;
}
async function imported(slug: string, folder: ReadonlyMap<string, Uint8Array>) {
  const prepared = await preparePictures(folder);
  if (!prepared.ok) throw new Error(JSON.stringify(prepared.refusals));
  return database().$transaction((transaction) =>
    importPictures(transaction, slug, prepared.pictures, "import@example.org"),
  );
}
const renditions = () => database().pictureRendition.count();
const entries = (action: string) =>
  database().auditEntry.findMany({
    where: { action },
    orderBy: { sequence: "desc" },
    select: { detail: true, actorLabel: true },
  });

/** A version of a campaign with one document. */
async function version(
  slug: string,
  state: "published" | "draft" | "superseded",
  text: string,
): Promise<void> {
  const id = crypto.randomUUID();
  await database().$executeRaw`
    INSERT INTO campaign_version (id, campaign_id, author_label)
    SELECT ${id}::uuid, id, 'author@example.org' FROM campaign WHERE slug = ${slug}`;
  await database()
    .$executeRaw`INSERT INTO campaign_file (version_id, path, text) VALUES (${id}::uuid, 'en.md', ${text})`;
  if (state !== "draft")
    await database().$executeRaw`
      UPDATE campaign_version SET state = ${state}::version_state, published_at = now(), publisher_label = 'p',
        number = (SELECT coalesce(max(number), 0) + 1 FROM campaign_version) WHERE id = ${id}::uuid`;
}

describe("a picture that was added", () => {
  test("is listed with what a reader loads, and pages know its sources", async () => {
    expect(pictureSources(SLUG, "gate.jpg")).toBeNull();
    await added();
    const [listed, ...others] = await picturesOf(SLUG);
    expect(others).toEqual([]);
    expect(listed).toMatchObject({
      name: "gate.jpg",
      type: "image/jpeg",
      width: 800,
      height: 400,
      bytes: file("gate").length,
      addedBy: OWNER.label,
      uses: [],
    });
    expect(listed?.loads.least).toBeGreaterThan(0);
    expect(listed?.loads.least).toBeLessThan(listed?.loads.most ?? 0);
    const sources = pictureSources(SLUG, "gate.jpg");
    expect(sources).toMatchObject({
      width: 800,
      height: 400,
      widths: [360, 720, 800],
      types: ["image/avif", "image/webp", "image/jpeg"],
    });
    expect(sources?.url(720, "image/jpeg")).toMatch(/^\/pictures\/[0-9a-f]{64}-720\.jpg$/);
    expect(pictureSources(OTHER, "gate.jpg")).toBeNull();
  });

  test("is on record with its change, or neither is there", async () => {
    const before = (await entries("picture.add")).length;
    await added();
    const [entry, ...earlier] = await entries("picture.add");
    expect([earlier.length, entry?.actorLabel, JSON.parse(entry?.detail ?? "{}")]).toEqual([
      before,
      OWNER.label,
      { slug: SLUG, name: "gate.jpg", sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    ]);
    await database()
      .$executeRaw`ALTER TABLE audit_entry ADD CONSTRAINT none CHECK (action NOT LIKE 'picture.%') NOT VALID`;
    try {
      await expect(adding(SLUG, "road.jpg", file("road"))).rejects.toThrow();
      await expect(removePicture(OWNER, SLUG, "gate.jpg")).rejects.toThrow();
    } finally {
      await database().$executeRaw`ALTER TABLE audit_entry DROP CONSTRAINT none`;
    }
    expect((await picturesOf(SLUG)).map(({ name }) => name)).toEqual(["gate.jpg"]);
  });

  test("is not replaced by another of its name", async () => {
    await added();
    for (const bytes of [file("gate"), file("road")])
      expect(await adding(SLUG, "gate.jpg", bytes)).toMatchObject({ ok: false, refusal: { field: "name" } });
    expect((await pictureFilesOf(SLUG)).get("gate.jpg")).toEqual(new Uint8Array(file("gate")));
    await added(OTHER, "gate.jpg", file("road"));
  });

  test("is known to every process that follows changes", async () => {
    const following = new AbortController();
    void followPictures(following.signal);
    try {
      await imported(SLUG, new Map([["camp.jpg", file("camp")]]));
      await vi.waitFor(() => expect(pictureSources(SLUG, "camp.jpg")).not.toBeNull(), 10_000);
      await database().campaignPicture.deleteMany({ where: { name: "camp.jpg" } });
      await vi.waitFor(() => expect(pictureSources(SLUG, "camp.jpg")).toBeNull(), 10_000);
    } finally {
      following.abort();
    }
  });

  test("has pages that show it rendered anew", async () => {
    const announced = async () =>
      (await database().announcement.findMany({ where: { channel: { in: ["campaigns", "public_pages"] } } }))
        .map(({ version }) => version)
        .reduce((sum, version) => sum + version, 0n);
    const before = await announced();
    await added();
    const afterwards = await announced();
    expect(afterwards).toBeGreaterThanOrEqual(before + 2n);
    await removePicture(OWNER, SLUG, "gate.jpg");
    expect(await announced()).toBeGreaterThanOrEqual(afterwards + 2n);
  });
});

describe("a rendition", () => {
  const ask = (address: string, headers: Record<string, string> = {}) =>
    GET(new Request(`http://localhost${address}`, { headers }), {
      params: Promise.resolve({ file: address.replace("/pictures/", "") }),
    });
  const address = (width: number, type: "image/avif" | "image/webp" | "image/jpeg") =>
    pictureSources(SLUG, "gate.jpg")?.url(width, type) ?? "";

  test.each(["image/avif", "image/webp", "image/jpeg"] as const)(
    "is served as %s, to be kept for good",
    async (type) => {
      await added();
      const answer = await ask(address(360, type));
      expect([answer.status, Object.fromEntries(answer.headers)]).toEqual([
        200,
        {
          "cache-control": "public, max-age=31536000, immutable",
          "content-type": type,
          "cross-origin-resource-policy": "cross-origin",
          etag: expect.stringMatching(/^W\/"/),
        },
      ]);
      expect(await sharp(Buffer.from(await answer.arrayBuffer())).metadata()).toMatchObject({
        width: 360,
        height: 180,
      });
      const known = await ask(address(360, type), { "if-none-match": answer.headers.get("etag") ?? "" });
      expect([known.status, await known.text()]).toEqual([304, ""]);
    },
  );

  test("of another width, type, name or spelling is not found", async () => {
    await added();
    const there = address(360, "image/jpeg");
    for (const other of [
      address(361, "image/jpeg"),
      there.replace("-360", "-0360"),
      there.replace(".jpg", ".png"),
      there.replace(".jpg", ".svg"),
      there.replace(".jpg", ".jpg.html"),
      there.toUpperCase().replace("/PICTURES/", "/pictures/"),
      `/pictures/${"0".repeat(64)}-360.jpg`,
      "/pictures/gate.jpg",
    ]) {
      const answer = await ask(other, { accept: "application/json" });
      expect([other, answer.status, answer.headers.get("cache-control")]).toEqual([other, 404, "no-store"]);
    }
  });

  test("is gone with its picture", async () => {
    await added();
    const there = address(360, "image/jpeg");
    expect((await ask(there)).status).toBe(200);
    await removePicture(OWNER, SLUG, "gate.jpg");
    expect((await ask(there)).status).toBe(404);
  });

  test("goes with the last picture of its content, also when a campaign is deleted", async () => {
    await added(SLUG);
    const made = await renditions();
    expect(made).toBe(9);
    await added(OTHER, "same.jpg");
    await removePicture(OWNER, SLUG, "gate.jpg");
    expect(await renditions()).toBe(made);
    await removePicture(OWNER, OTHER, "same.jpg");
    expect(await renditions()).toBe(0);

    const gone = crypto.randomUUID();
    await database()
      .$executeRaw`INSERT INTO campaign (id, slug, goal) VALUES (${gone}::uuid, 'soon-gone', 1000)`;
    await added("soon-gone");
    await database().campaign.delete({ where: { id: gone } });
    expect(await renditions()).toBe(0);
  });
});

describe("removing a picture", () => {
  const SHOWN = 'Text.\n\n:::picture{name="gate.jpg" alternative="A gate"}\nCaption\n:::\n';
  /** Published versions stay for good, so each test has a campaign of its own. */
  const newCampaign = async () => {
    const slug = `campaign-${crypto.randomUUID()}`;
    await database()
      .$executeRaw`INSERT INTO campaign (id, slug, goal) VALUES (${crypto.randomUUID()}::uuid, ${slug}, 1000)`;
    await added(slug);
    return slug;
  };

  test.each(["published", "draft"] as const)("is refused while the %s version shows it", async (state) => {
    const slug = await newCampaign();
    await version(slug, state, SHOWN);
    const uses = [{ version: state, file: "en.md", line: 3 }];
    expect(await removePicture(OWNER, slug, "gate.jpg")).toEqual({ kind: "used", uses });
    expect((await picturesOf(slug))[0]?.uses).toEqual(uses);
  });

  test("is done, and on record, once only an earlier version shows it", async () => {
    const slug = await newCampaign();
    await version(slug, "superseded", SHOWN);
    await version(slug, "published", "Text.");
    expect(await removePicture(OWNER, slug, "gate.jpg")).toEqual({ kind: "removed" });
    expect([await picturesOf(slug), pictureSources(slug, "gate.jpg")]).toEqual([[], null]);
    const [entry] = await entries("picture.remove");
    expect(JSON.parse(entry?.detail ?? "{}")).toMatchObject({ slug, name: "gate.jpg" });
    expect(await removePicture(OWNER, slug, "gate.jpg")).toEqual({ kind: "unknown" });
  });
});

describe("a folder's pictures", () => {
  test("come out with the bytes that went in, and change nothing when they come again", async () => {
    const folder = new Map([
      ["camp.jpg", new Uint8Array(file("camp"))],
      ["gate.jpg", new Uint8Array(file("gate"))],
    ]);
    expect(await imported(SLUG, folder)).toEqual({ added: ["camp.jpg", "gate.jpg"], replaced: [] });
    const exported = await pictureFilesOf(SLUG);
    expect(exported).toEqual(folder);
    expect(await imported(SLUG, exported)).toEqual({ added: [], replaced: [] });
    expect(await imported(OTHER, exported)).toEqual({ added: ["camp.jpg", "gate.jpg"], replaced: [] });
  });

  test("come out without metadata, and then stay the same", async () => {
    const sent = await sharp(file("gate"))
      .withExif({ IFD0: { Copyright: "Laila" } })
      .jpeg()
      .toBuffer();
    await imported(SLUG, new Map([["gate.jpg", sent]]));
    const exported = await pictureFilesOf(SLUG);
    expect((await sharp(exported.get("gate.jpg")).metadata()).exif).toBeUndefined();
    expect(await imported(SLUG, exported)).toEqual({ added: [], replaced: [] });
    expect(await imported(SLUG, new Map([["gate.jpg", sent]]))).toEqual({ added: [], replaced: [] });
  });

  test("take the place of others of their name, whose renditions go", async () => {
    await imported(SLUG, new Map([["gate.jpg", file("gate")]]));
    expect(await imported(SLUG, new Map([["gate.jpg", file("road")]]))).toEqual({
      added: [],
      replaced: ["gate.jpg"],
    });
    expect(await renditions()).toBe(9);
    expect((await pictureFilesOf(SLUG)).get("gate.jpg")).toEqual(new Uint8Array(file("road")));
  });

  test("are refused by name, all that are wrong at once", async () => {
    const folder = new Map([
      ["camp.jpg", file("camp")],
      ["Gate 1.jpg", file("gate")],
      ["mark.svg", Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg">${" ".repeat(50)}</svg>`)],
    ]);
    expect(await preparePictures(folder)).toEqual({
      ok: false,
      refusals: [
        { name: "Gate 1.jpg", message: expect.stringContaining("Write gate-1.jpg.") },
        { name: "mark.svg", message: expect.stringContaining("not a JPEG") },
      ],
    });
  });
});

test.each<[string, string]>([
  ["bytes whose hash is another", "UPDATE campaign_picture SET bytes = '\\x00'"],
  ["a type that its name does not say", "UPDATE campaign_picture SET type = 'image/png'"],
  ["a side that is too long", "UPDATE campaign_picture SET width = 12001"],
  ["a rendition of an unknown type", "UPDATE picture_rendition SET type = 'image/svg+xml'"],
])("the database refuses %s", async (_, statement) => {
  await added();
  await expect(database().$executeRawUnsafe(statement)).rejects.toThrow(/check constraint/i);
});

describe("the desk's page", () => {
  const path = `/admin/${SLUG}/pictures`;
  const props = { params: Promise.resolve({ campaign: SLUG }), searchParams: Promise.resolve({}) };
  beforeEach(() => {
    const publishedAt = new Date();
    const content = {
      settings: {
        slug: SLUG,
        goal: 1_000,
        languages: ["en"] as const,
        unfinished: [],
        targets: [],
        colours: null,
        signing: { trace: "off", name: "required" } as const,
        mail: { discreet: false },
      },
      sources: new Map(),
      documents: new Map(),
    };
    setCampaigns([
      {
        ...content,
        id: id[SLUG] ?? "",
        slug: SLUG,
        version: 1,
        publishedAt,
        archived: false,
        callBefore: null,
      },
    ]);
  });
  const picture = (name: string) => new File([new Uint8Array(file("gate"))], name);

  test("takes a file under a name made of its own, shows it, and removes it after a question", async () => {
    const browser = { cookie: await sessionOf("owner"), path };
    const { state } = await send(add, browser, { file: picture("Gate at Torkham.JPEG"), name: "" });
    expect(state).toMatchObject({ kind: "done", message: expect.stringContaining("gate-at-torkham.jpg") });
    const { html } = await show(page, browser, props);
    expect(html).toContain(`src="${pictureSources(SLUG, "gate-at-torkham.jpg")?.url(360, "image/jpeg")}"`);
    expect(html).toContain("Remove");
    const asked = await send(remove, browser, { name: "gate-at-torkham.jpg" });
    expect(asked.state).toMatchObject({ kind: "asking", question: { title: "Remove 1 picture?" } });
    const removed = await send(remove, browser, { name: "gate-at-torkham.jpg", confirmed: "yes" });
    expect([removed.state?.kind, await picturesOf(SLUG)]).toEqual(["done", []]);
  });

  test("says at the field what is wrong with a name or a file", async () => {
    const browser = { cookie: await sessionOf("owner"), path };
    const mistakeIn = async (fields: Record<string, string | File>) => {
      const { state } = await send(add, browser, fields);
      return state?.kind === "invalid" ? state.mistakes[0] : state;
    };
    expect(await mistakeIn({ name: "" })).toMatchObject({ field: "file" });
    expect(await mistakeIn({ file: picture("a.jpg"), name: "Gate" })).toMatchObject({
      field: "name",
      text: expect.stringMatching(/^Name: .* Write gate\.jpg\.$/),
    });
    expect(await mistakeIn({ file: new File(["<svg/>".padEnd(100)], "a.png"), name: "" })).toMatchObject({
      field: "file",
      text: expect.stringMatching(/^File: It is not a JPEG/),
    });
    expect(await picturesOf(SLUG)).toEqual([]);
  });

  test("shows those who only read drafts the pictures, without forms", async () => {
    await added();
    const { html } = await show(page, { cookie: await sessionOf("reviewer"), path }, props);
    expect(html).toContain("gate.jpg</th>");
    expect(html).not.toContain("<form");
  });
});
