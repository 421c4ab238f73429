import { fork } from "node:child_process";
import { deflateSync } from "node:zlib";
import sharp from "sharp";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { PICTURE_LIMIT_BYTES, WIDTHS } from "@/lib/pictures/formats";
import { inspectPicture } from "@/lib/pictures/inspect";
import { mendedName } from "@/lib/pictures/name";
import { type PreparedPicture, preparePicture } from "@/lib/pictures/prepare";
import { picturesNamedIn } from "@/lib/pictures/usage";

// Where pictures are decoded.
vi.mock("node:child_process", async (original) => {
  const module = await original<typeof import("node:child_process")>();
  return { ...module, fork: vi.fn(module.fork) };
});

const HEADER_BYTES_MAX = 32 * 1024 * 1024;
const SECRET = "34.5553N 69.2075E, taken by Laila";

/** A picture with something to see in it, so that formats differ. */
const picture = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: "#b33" } }).composite([
    {
      input: { create: { width: Math.ceil(width / 2), height, channels: 3, background: "#238" } },
      left: 0,
      top: 0,
    },
  ]);
const gps = { IFD0: { Copyright: SECRET }, IFD3: { GPSLatitudeRef: "N", GPSLatitude: "34/1 33/1 19/1" } };

async function prepared(name: string, bytes: Uint8Array): Promise<PreparedPicture> {
  const preparing = await preparePicture(name, bytes);
  if (!preparing.ok) throw new Error(preparing.refusal.message);
  return preparing.picture;
}

async function refusal(name: string, bytes: Uint8Array): Promise<{ field: string; message: string }> {
  const preparing = await preparePicture(name, bytes);
  if (preparing.ok) throw new Error("it was taken");
  return preparing.refusal;
}

const crcTable = Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value >>> 0;
});
function pngChunk(name: string, content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, "latin1"), content]);
  let crc = 0xffffffff;
  for (const byte of body) crc = (crcTable[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(content.length, 0);
  frame.writeUInt32BE((crc ^ 0xffffffff) >>> 0, 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}
/** A PNG in shades of grey that claims a size, whatever its data holds. */
function pngOf(width: number, height: number, data: Buffer): Buffer {
  const header = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0]);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    pngChunk("IHDR", header),
    pngChunk("IDAT", data),
    pngChunk("IEND", Buffer.alloc(0)),
  ]);
}

let jpeg: Buffer;
let png: Buffer;
let webp: Buffer;
let avif: Buffer;
beforeAll(async () => {
  jpeg = await picture(1_000, 600).jpeg().toBuffer();
  png = await picture(1_000, 600).png().toBuffer();
  webp = await picture(1_000, 600).webp().toBuffer();
  avif = await picture(1_000, 600).avif({ effort: 0 }).toBuffer();
});

describe("a file's first bytes", () => {
  test("tell its format, whatever its name is", () => {
    const types = [jpeg, png, webp, avif].map((file) => {
      const found = inspectPicture(file);
      return found.kind === "picture"
        ? [found.picture.type, found.picture.width, found.picture.height]
        : found.kind;
    });
    expect(types).toEqual([
      ["image/jpeg", 1_000, 600],
      ["image/png", 1_000, 600],
      ["image/webp", 1_000, 600],
      ["image/avif", 1_000, 600],
    ]);
  });

  test.each<[string, () => Promise<Buffer> | Buffer]>([
    [
      "SVG",
      () =>
        Buffer.from(
          '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        ),
    ],
    ["a page", () => Buffer.from(`<!doctype html><title>x</title>${" ".repeat(100)}`)],
    ["a PDF", () => Buffer.from(`%PDF-1.7\n${" ".repeat(100)}`)],
    ["GIF", () => picture(10, 10).gif().toBuffer()],
    ["TIFF", () => picture(10, 10).tiff().toBuffer()],
    ["nothing", () => Buffer.alloc(0)],
  ])("refuse %s that is named .png", async (_, made) => {
    expect(await refusal("gate.png", await made())).toMatchObject({
      field: "file",
      message: expect.stringContaining("not a JPEG, PNG, WebP or AVIF"),
    });
  });
});

describe("a name", () => {
  test.each([
    ["Gate at Torkham.JPEG", "gate-at-torkham.jpg"],
    ["../../etc/passwd", "passwd.jpg"],
    ["C:\\Users\\Laila\\Ñandú (1).jpg", "nandu-1.jpg"],
    ["دروازه.jpg", "picture.jpg"],
    ["-a--b-.jpg", "a-b.jpg"],
    [`${"long-".repeat(40)}.jpg`, `${"long-".repeat(19)}.jpg`.replace("-.jpg", ".jpg")],
  ])("%s is refused, and a mended one told", async (name, mended) => {
    const { field, message } = await refusal(name, jpeg);
    expect([field, message.endsWith(`Write ${mended}.`)]).toEqual(["name", true]);
    expect(mendedName(mended, "image/jpeg")).toBe(mended);
  });

  test("says the format that the file has", async () => {
    expect(await refusal("gate.png", jpeg)).toEqual({
      field: "name",
      message: "The picture is in the format JPEG. Write gate.jpg.",
    });
  });
});

describe("a picture bomb", () => {
  test.each<[string, () => Buffer]>([
    [
      "a PNG that claims 60,000 × 60,000 pixels",
      () => pngOf(60_000, 60_000, deflateSync(Buffer.alloc(1_000))),
    ],
    ["a PNG of more than 50 megapixels", () => pngOf(7_100, 7_100, deflateSync(Buffer.alloc(1_000)))],
    ["a PNG that is too long", () => pngOf(12_001, 10, deflateSync(Buffer.alloc(1_000)))],
    [
      "a JPEG that claims 65,000 × 65,000 pixels",
      () => {
        const bomb = Buffer.from(jpeg);
        const frame = bomb.indexOf(Buffer.from([0xff, 0xc0]));
        bomb.writeUInt16BE(65_000, frame + 5);
        bomb.writeUInt16BE(65_000, frame + 7);
        return bomb;
      },
    ],
    [
      "an AVIF that claims 65,000 × 65,000 pixels",
      () => {
        const bomb = Buffer.from(avif);
        bomb.writeUInt32BE(65_000, bomb.indexOf("ispe") + 8);
        bomb.writeUInt32BE(65_000, bomb.indexOf("ispe") + 12);
        return bomb;
      },
    ],
  ])("%s is refused by its header, without decoding it and without memory", async (_, made) => {
    const bomb = made();
    const [before, decoded] = [process.memoryUsage.rss(), vi.mocked(fork).mock.calls.length];
    const { message } = await refusal(
      bomb[0] === 0xff ? "bomb.jpg" : bomb[0] === 0x89 ? "bomb.png" : "bomb.avif",
      bomb,
    );
    expect(vi.mocked(fork).mock.calls.length).toBe(decoded);
    expect(process.memoryUsage.rss() - before).toBeLessThan(HEADER_BYTES_MAX);
    expect(message).toContain("more than 50 megapixels");
  });

  test("that is as large as may be, and highly compressible, is made small outside of this process", async () => {
    const bomb = pngOf(7_000, 7_000, deflateSync(Buffer.alloc(7_001 * 7_000)));
    expect(bomb.length).toBeLessThan(100_000);
    const [before, decoded] = [process.memoryUsage.rss(), vi.mocked(fork).mock.calls.length];
    const { renditions } = await prepared("grey.png", bomb);
    expect(Math.max(...renditions.map(({ width }) => width))).toBe(1_600);
    expect(vi.mocked(fork).mock.calls.length).toBe(decoded + 1);
    expect(process.memoryUsage.rss() - before).toBeLessThan(HEADER_BYTES_MAX);
  });

  test("of more than 10 MB is refused, whatever it holds", async () => {
    const padded = Buffer.concat([jpeg, Buffer.alloc(PICTURE_LIMIT_BYTES)]);
    expect((await refusal("gate.jpg", padded)).message).toContain("larger than 10 MB");
  });
});

test.each<[string, () => Buffer]>([
  ["gate.jpg", () => jpeg],
  ["gate.png", () => png],
  ["gate.webp", () => webp],
  ["gate.avif", () => avif],
])("%s that ends early is refused wherever it ends", async (name, made) => {
  const whole = made();
  for (const part of [0.3, 0.7, 0.95])
    expect((await refusal(name, whole.subarray(0, Math.floor(whole.length * part)))).message).toMatch(
      /broken or ends too early/,
    );
});

test("a JPEG whose data is broken, with its end in place, is refused", async () => {
  const broken = Buffer.concat([jpeg.subarray(0, Math.floor(jpeg.length / 2)), Buffer.from([0xff, 0xd9])]);
  expect((await refusal("gate.jpg", broken)).message).toContain("broken");
});

test("pictures that move are refused", async () => {
  const frames = {
    create: { width: 40, height: 80, pageHeight: 40, channels: 3 as const, background: "#b33" },
  };
  const moving = await sharp({ ...frames, animated: true })
    .composite([
      { input: { create: { width: 40, height: 40, channels: 3, background: "#238" } }, left: 0, top: 40 },
    ])
    .webp({ loop: 0, delay: [100, 100] })
    .toBuffer();
  expect((await refusal("moving.webp", moving)).message).toContain("It moves");
});

describe("metadata", () => {
  const SENT: [string, () => Promise<Buffer>][] = [
    ["gate.jpg", () => picture(800, 500).withExif(gps).jpeg().toBuffer()],
    ["gate.png", () => picture(800, 500).withExif(gps).png().toBuffer()],
    ["gate.webp", () => picture(800, 500).withExif(gps).webp().toBuffer()],
    ["gate.avif", () => picture(800, 500).withExif(gps).avif({ effort: 0 }).toBuffer()],
  ];

  test.each(SENT)("of %s is in neither master nor renditions", async (name, made) => {
    const sent = await made();
    expect((await sharp(sent).metadata()).exif).toBeDefined();
    const { bytes, renditions } = await prepared(name, sent);
    for (const file of [bytes, ...renditions.map((rendition) => rendition.bytes)]) {
      const { exif, icc, xmp, iptc, comments } = await sharp(file).metadata();
      expect({ exif, icc, xmp, iptc, comments }).toEqual({});
      expect(Buffer.from(file).includes("Laila")).toBe(false);
    }
    // What is stored is taken as it is the next time.
    expect(Buffer.from((await prepared(name, bytes)).bytes).equals(bytes)).toBe(true);
  });

  test("in a comment, or in XMP, is gone", async () => {
    const comment = Buffer.from(`\xff\xfe\x00\x00${SECRET}`, "latin1");
    comment.writeUInt16BE(comment.length - 2, 2);
    const commented = Buffer.concat([jpeg.subarray(0, 2), comment, jpeg.subarray(2)]);
    const xmp = await picture(400, 200)
      .withXmp(`<x:xmpmeta xmlns:x="adobe:ns:meta/">${SECRET}</x:xmpmeta>`)
      .jpeg()
      .toBuffer();
    for (const sent of [commented, xmp]) {
      expect(sent.includes("Laila")).toBe(true);
      expect(Buffer.from((await prepared("gate.jpg", sent)).bytes).includes("Laila")).toBe(false);
    }
  });

  test.each<[string, () => Buffer]>([
    ["gate.jpg", () => jpeg],
    ["gate.png", () => png],
    ["gate.webp", () => webp],
    ["gate.avif", () => avif],
  ])("missing in %s leaves its bytes as they are, and a page behind its end does not", async (name, made) => {
    const file = made();
    expect(Buffer.from((await prepared(name, file)).bytes).equals(file)).toBe(true);
    const page = "<script>alert(1)</script>";
    const pageInBox = Buffer.concat([Buffer.from([0, 0, 0, 8 + page.length]), Buffer.from(`free${page}`)]);
    const polyglot = Buffer.concat([file, name.endsWith(".avif") ? pageInBox : Buffer.from(page)]);
    const { bytes } = await prepared(name, polyglot);
    expect(Buffer.from(bytes).includes("<script>")).toBe(false);
  });

  test("missing in an AVIF does not leave bytes in it that belong to no picture", async () => {
    const page = "<script>alert(1)</script>";
    const data = avif.indexOf("mdat") - 4;
    // The data stands last, so it can be longer without anything else moving.
    expect(data + avif.readUInt32BE(data)).toBe(avif.length);
    const polyglot = Buffer.concat([avif, Buffer.from(page)]);
    polyglot.writeUInt32BE(avif.readUInt32BE(data) + page.length, data);
    expect(Buffer.from((await prepared("gate.avif", polyglot)).bytes).includes("<script>")).toBe(false);
  });

  test("missing in a picture in colours of ink does not leave it so", async () => {
    const ink = await picture(400, 200).toColourspace("cmyk").jpeg().toBuffer();
    expect((await sharp(ink).metadata()).space).toBe("cmyk");
    expect((await sharp((await prepared("gate.jpg", ink)).bytes).metadata()).space).toBe("srgb");
  });

  test("that turns a picture is applied to it", async () => {
    const turned = await picture(600, 400).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    const { width, height, bytes, renditions } = await prepared("gate.jpg", turned);
    expect([width, height]).toEqual([400, 600]);
    expect(await sharp(bytes).metadata()).toMatchObject({ width: 400, height: 600 });
    for (const rendition of renditions) expect(rendition.height).toBeGreaterThan(rendition.width);
    // Blue was on the left, and is on top now.
    const [red = 0, , blue = 0] = await sharp(bytes)
      .extract({ left: 200, top: 50, width: 1, height: 1 })
      .raw()
      .toBuffer();
    expect(blue).toBeGreaterThan(red);
  });

  test("that says what colours mean is applied to it", async () => {
    const wide = await picture(400, 200).withIccProfile("p3").jpeg().toBuffer();
    const { bytes } = await prepared("gate.jpg", wide);
    expect(Buffer.from(bytes).equals(wide)).toBe(false);
    const colourOf = async (file: Uint8Array) => [
      ...(await sharp(file)
        .toColourspace("srgb")
        .extract({ left: 300, top: 50, width: 1, height: 1 })
        .raw()
        .toBuffer()),
    ];
    const [shown, stored] = [await colourOf(wide), await colourOf(bytes)];
    for (const [channel, value] of shown.entries())
      expect(Math.abs(value - (stored[channel] ?? 0))).toBeLessThan(8);
  });
});

describe("renditions", () => {
  test("of a wide picture are made in every width, as AVIF, WebP and JPEG", async () => {
    const { renditions } = await prepared("gate.jpg", await picture(2_000, 500).jpeg().toBuffer());
    expect(renditions.map(({ width, type }) => `${width} ${type}`)).toEqual(
      WIDTHS.flatMap((width) => ["image/avif", "image/webp", "image/jpeg"].map((type) => `${width} ${type}`)),
    );
    for (const { width, height, type, bytes } of renditions) {
      const found = inspectPicture(bytes);
      expect(found).toMatchObject({ kind: "picture", picture: { type, width, height, plain: true } });
    }
  });

  test("are never wider than the picture", async () => {
    const { renditions } = await prepared("gate.jpg", jpeg);
    expect([...new Set(renditions.map(({ width }) => width))]).toEqual([360, 720, 1_000]);
    const { renditions: tiny } = await prepared("dot.jpg", await picture(40, 30).jpeg().toBuffer());
    expect([...new Set(tiny.map(({ width }) => width))]).toEqual([40]);
  });

  test("of a transparent picture stay transparent", async () => {
    const clear = await sharp({ create: { width: 500, height: 300, channels: 4, background: "#23800080" } })
      .png()
      .toBuffer();
    const { renditions } = await prepared("mark.png", clear);
    expect([...new Set(renditions.map(({ type }) => type))]).toEqual(["image/webp", "image/png"]);
    for (const { bytes } of renditions) expect((await sharp(bytes).stats()).isOpaque).toBe(false);
  });
});

test("the pictures that a document names are found by line, in any quotation marks", () => {
  const document = [
    "# A heading with gate.jpg",
    ':::picture{name="gate.jpg" alternative="A gate"}',
    ":::",
    "::::picture{alternative='name=no.jpg' name='road.png'}",
    ":::picture{#x name=camp.webp}",
    ':::figure{name="other.jpg"}',
    "Note:picture{name=no.jpg}",
  ].join("\n");
  expect(picturesNamedIn(document)).toEqual([
    { name: "gate.jpg", line: 2 },
    { name: "road.png", line: 4 },
    { name: "camp.webp", line: 5 },
  ]);
});
