// Reports the framed form's height to the embedding page, and again whenever it changes. Any page may know
// the height, and nothing else is sent. Compiled by app/(public)/_pages/enhancement.ts.
export {};

function tell(): void {
  parent.postMessage({ petitionHeight: document.documentElement.offsetHeight }, "*");
}

new ResizeObserver(tell).observe(document.body);
tell();
