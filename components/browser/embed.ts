// Frames the form on another site: `<script src="…/embed.js" data-campaign="slug" async>`. Compiled by
// app/(public)/_pages/enhancement.ts, at most 1 KB.
export {};

/**
 * Tall enough for the form in most languages, until the frame reports its height
 * (components/browser/frame-height.ts).
 */
const FIRST_HEIGHT = 900;

const script = document.currentScript as HTMLScriptElement;
const { campaign, locale, title } = script.dataset;
const { origin } = new URL(script.src);

const frame = document.createElement("iframe");
frame.src = `${origin}/embed/${campaign}?origin=${encodeURIComponent(location.origin)}${locale ? `&locale=${locale}` : ""}`;
frame.title = title || "Petition";
frame.width = "100%";
frame.height = String(FIRST_HEIGHT);
frame.style.border = "0";

addEventListener("message", ({ source, origin: sender, data }) => {
  const height = Number(data?.petitionHeight);
  if (source === frame.contentWindow && sender === origin && height > 0)
    frame.height = String(Math.ceil(height));
});
script.after(frame);
