import { type ChildProcess, fork } from "node:child_process";
import { createHash } from "node:crypto";
import path from "node:path";
import { log } from "@/lib/log";
import { perProcess } from "@/lib/per-process";
import {
  FORMAT_NAMES,
  PICTURE_LIMIT_BYTES,
  PIXELS_MAX,
  type PictureType,
  SIDE_MAX_PIXELS,
  typeOfExtension,
} from "./formats";
import { inspectPicture } from "./inspect";
import type { MadePicture, PictureAnswer, PictureJob } from "./job";
import { isPictureName, mendedName } from "./name";

/** Why a picture is not taken. `message` is a sentence that says how to mend it, without the name of the file. */
export type PictureRefusal = { field: "name" | "file"; message: string };
/** A picture that can be stored, named by the SHA-256 of its bytes. */
export type PreparedPicture = MadePicture & { name: string; sha256: Buffer<ArrayBuffer> };
export type Preparing = { ok: true; picture: PreparedPicture } | { ok: false; refusal: PictureRefusal };

/** When a process is given up that still has not answered, in seconds: processors were busy with signers, or it hangs. */
const LIMIT_SECONDS = 120;
/** Pictures that may wait for others, in one process. Each holds its file in memory. */
const WAITING_MAX = 6;
/** What a process that handles files from outside is told of its surroundings: no secret. */
const PASSED_ON = ["PATH", "TMPDIR"];

const MEGABYTE = 1_000_000;
const SAVE_SMALLER = `Save it smaller, for example ${(2_400).toLocaleString("en")} pixels wide and high as a JPEG.`;
const REFUSALS = {
  other:
    "It is not a JPEG, PNG, WebP or AVIF picture, whatever its name says. Save it in one of these formats.",
  "too-heavy": `It is larger than ${PICTURE_LIMIT_BYTES / MEGABYTE} MB. ${SAVE_SMALLER}`,
  "too-many-pixels": `It has more than ${PIXELS_MAX / MEGABYTE} megapixels, or a side of more than ${SIDE_MAX_PIXELS.toLocaleString("en")} pixels. ${SAVE_SMALLER}`,
  animated: "It moves. Save one frame of it as a still picture.",
  broken: "It is broken or ends too early. Open it, save it again and try once more.",
  slow: `It takes too long to be made ready. ${SAVE_SMALLER}`,
  busy: "Other pictures are being made ready. Try again in a minute.",
} as const;

const refused = (why: keyof typeof REFUSALS): Preparing => ({
  ok: false,
  refusal: { field: "file", message: REFUSALS[why] },
});

/**
 * Checks a picture, removes its metadata and makes what browsers load of it. Stores nothing. Refuses what is too
 * large by its header, before anything is decoded.
 */
export async function preparePicture(name: string, bytes: Uint8Array): Promise<Preparing> {
  if (bytes.byteLength > PICTURE_LIMIT_BYTES) return refused("too-heavy");
  const found = inspectPicture(bytes);
  if (found.kind !== "picture") return refused(found.kind);
  const { picture } = found;
  const message = nameMistake(name, picture.type);
  if (message !== null) return { ok: false, refusal: { field: "name", message } };
  if (
    Math.max(picture.width, picture.height) > SIDE_MAX_PIXELS ||
    picture.width * picture.height > PIXELS_MAX
  )
    return refused("too-many-pixels");
  if (picture.animated) return refused("animated");
  const answer = await inTurn({ bytes, inspected: picture });
  switch (answer.kind) {
    case "made": {
      const sha256 = Buffer.from(createHash("sha256").update(answer.picture.bytes).digest());
      return { ok: true, picture: { ...answer.picture, name, sha256 } };
    }
    case "too-large":
      return refused("too-heavy");
    default:
      return refused(answer.kind);
  }
}

/** Returns the name that a file is stored under unless somebody chooses one; null if it is no picture. */
export function nameFor(fileName: string, bytes: Uint8Array): string | null {
  const found = inspectPicture(bytes);
  return found.kind === "picture" ? mendedName(fileName, found.picture.type) : null;
}

function nameMistake(name: string, type: PictureType): string | null {
  if (!isPictureName(name))
    return `A name has small letters a to z, digits and single dashes, and ends in .jpg, .png, .webp or .avif. Write ${mendedName(name, type)}.`;
  const [ending = ""] = name.split(".").slice(-1);
  return typeOfExtension(ending) === type
    ? null
    : `The picture is in the format ${FORMAT_NAMES[type]}. Write ${mendedName(name, type)}.`;
}

type Answer = PictureAnswer | { kind: "busy" };
type Queue = { waiting: number; last: Promise<unknown> };

const queue = perProcess("pictures/prepare", (): Queue => ({ waiting: 0, last: Promise.resolve() }));

/** Makes pictures ready one after the other, so that decoding takes no more than one processor. */
async function inTurn(job: PictureJob): Promise<Answer> {
  if (queue.waiting >= WAITING_MAX) return { kind: "busy" };
  queue.waiting += 1;
  const making = queue.last.then(() => inProcess(job));
  queue.last = making.catch(() => {});
  return making.finally(() => {
    queue.waiting -= 1;
  });
}

/** Makes a picture ready in a process of its own: a file that crashes its decoder, or fills memory, harms nothing else. */
function inProcess(job: PictureJob): Promise<Answer> {
  const file = path.join(/* turbopackIgnore: true */ process.cwd(), "lib/pictures/picture-process.ts");
  const passedOn = PASSED_ON.flatMap((name) =>
    process.env[name] === undefined ? [] : [[name, process.env[name]]],
  );
  const env = { NODE_ENV: process.env.NODE_ENV, ...Object.fromEntries(passedOn) };
  const child = fork(/* turbopackIgnore: true */ file, [], {
    execArgv: ["--import", "tsx"],
    env,
    serialization: "advanced",
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  return answerOf(child, job);
}

function answerOf(child: ChildProcess, job: PictureJob): Promise<Answer> {
  return new Promise((resolve) => {
    let said = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      said = `${said}${text}`.slice(0, 1_000);
    });
    const overdue = setTimeout(() => {
      resolve({ kind: "slow" });
      child.kill("SIGKILL");
    }, LIMIT_SECONDS * 1_000);
    child.once("message", (answer: Answer) => resolve(answer));
    child.once("error", (error) => {
      log.error("a picture's process failed", error);
      child.kill("SIGKILL");
    });
    // After an answer this changes nothing: a promise is settled once.
    child.once("close", (code, signal) => {
      clearTimeout(overdue);
      if (said !== "") log.warn("a picture was not read", { code, signal, said });
      resolve({ kind: "broken" });
    });
    child.send(job);
  });
}
