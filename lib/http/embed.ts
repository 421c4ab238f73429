import { createHash } from "node:crypto";

/** The script that other sites put on their page: `<script src="…/embed.js" data-campaign="slug" async>`. At most 1 KB. */
export const EMBED_SCRIPT = `(()=>{const s=document.currentScript,d=s.dataset,b=new URL(s.src).origin,f=document.createElement("iframe");f.src=b+"/embed/"+d.campaign+"?origin="+encodeURIComponent(location.origin)+(d.locale?"&locale="+d.locale:"");f.title=d.title||"Petition";f.width="100%";f.height=900;f.style.border=0;addEventListener("message",e=>{const h=e.data&&e.data.petitionHeight;if(e.source===f.contentWindow&&e.origin===b&&h>0)f.height=Math.ceil(h)});s.after(f)})();`;

/** Tells the page around the form how tall it is, and again whenever that changes. Nothing else is told. */
const RESIZER_CODE = `const tell=()=>parent.postMessage({petitionHeight:document.documentElement.offsetHeight},"*");new ResizeObserver(tell).observe(document.body);tell();`;

/** The script of the framed form. It holds nothing secret: any page may know how tall the form is. */
export const RESIZER = {
  path: "/embed/height.js",
  integrity: `sha256-${createHash("sha256").update(RESIZER_CODE).digest("base64")}`,
  code: RESIZER_CODE,
} as const;

/** How long browsers may keep these scripts, in seconds. */
const SCRIPT_CACHE_SECONDS = 3600;

/** Answers with a script of ours that other sites may load. */
export function script(code: string): Response {
  return new Response(code, {
    headers: {
      "content-type": "text/javascript; charset=utf-8",
      "cache-control": `public, max-age=${SCRIPT_CACHE_SECONDS}`,
      "cross-origin-resource-policy": "cross-origin",
    },
  });
}
