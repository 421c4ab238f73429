import { startPeer } from "./peer-site";
import type { Post } from "./signers";
import { forgetPeers, SECONDS, signFlatOut } from "./signing";
import { serveSite } from "./site";
import type { Measure } from "./types";

const BOUNDARY = "bench-boundary";

/**
 * Builds what a browser without JavaScript posts to a Server Action: the hidden fields that Next wrote into
 * the form, and the rest.
 */
function posted(origin: string, path: string, markup: string): (number: number) => Post {
  const hidden = [...markup.matchAll(/<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?/g)];
  if (hidden.length === 0) throw new Error("the ordinary form has no action");
  return (number) => {
    const fields = [
      ...hidden.map(([, name = "", value = ""]) => [name, value]),
      ["name", `Signer ${number}`],
      ["email", `peer-${number}@example.org`],
    ];
    const parts = fields.map(
      ([name, value]) =>
        `--${BOUNDARY}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
    );
    return {
      path,
      headers: { "content-type": `multipart/form-data; boundary=${BOUNDARY}`, accept: "text/html", origin },
      body: `${parts.join("")}--${BOUNDARY}--\r\n`,
      accepted: 303,
    };
  };
}

/**
 * Signing at one web process of ours, compared with an ordinary Next page whose Server Action writes the same
 * two rows.
 */
export const peer: Measure = {
  name: "peer",
  async run(context) {
    const { url } = await context.database();
    const seconds = context.seconds ?? SECONDS;
    const site = await serveSite(context);
    const ours = await signFlatOut({ origin: site.url, seconds }).finally(site.stop);
    const ordinary = await startPeer(context);
    try {
      const path = "/en/sign";
      const markup = await (await fetch(ordinary.url + path)).text();
      const theirs = await signFlatOut({
        origin: ordinary.url,
        seconds,
        post: posted(ordinary.url, path, markup),
      });
      return [
        {
          what: "signatures over HTTP",
          ours: ours.perSecond,
          unit: "/s",
          better: "higher",
          peer: { name: "Server Action", value: theirs.perSecond },
        },
        {
          what: "signing over HTTP, 99 of 100",
          ours: ours.p99Milliseconds,
          unit: "ms",
          better: "lower",
          peer: { name: "Server Action", value: theirs.p99Milliseconds },
        },
      ];
    } finally {
      await ordinary.stop();
      await forgetPeers(url);
    }
  },
};
