import { campaignPicture, type PictureFormat, type PictureSubject } from "./campaign-picture";
import { type PacketSubject, packetPages } from "./packet";
import { type PrintSubject, poster, signatureSheet } from "./print";
import { qrSvg } from "./qr";
import { type DocumentInfo, pdfOf, pngOf } from "./render";

/** A file to draw, as sent to a thread. */
export type DrawingJob =
  | { kind: "picture"; subject: PictureSubject; format: PictureFormat }
  | { kind: "poster" | "sheet"; subject: PrintSubject; info: DocumentInfo }
  | { kind: "packet"; subject: PacketSubject; info: DocumentInfo }
  | { kind: "qr"; link: string };

/** A drawn file; `pages` is 1 for pictures. */
export type Drawn = { bytes: Uint8Array<ArrayBuffer>; pages: number };

/** Draws a file. Call it from drawing threads only: it can take seconds of CPU time. */
export async function draw(job: DrawingJob): Promise<Drawn> {
  switch (job.kind) {
    case "picture":
      return drawn(pngOf(campaignPicture(job.subject, job.format)));
    case "poster":
      return drawn(await pdfOf([poster(job.subject)], job.info));
    case "sheet":
      return drawn(await pdfOf([signatureSheet(job.subject)], job.info));
    case "packet": {
      const pages = packetPages(job.subject);
      return drawn(await pdfOf(pages, job.info), pages.length);
    }
    case "qr":
      return drawn(Buffer.from(qrSvg(job.link)));
  }
}

/** Copies the bytes into a buffer that can be transferred between threads. */
function drawn(bytes: Uint8Array, pages = 1): Drawn {
  return { bytes: new Uint8Array(bytes), pages };
}
