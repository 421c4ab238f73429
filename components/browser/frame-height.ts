// Tells the page around the framed form how tall it is, and again whenever that changes. Any page may know that, and nothing
// else is told. Compiled by app/(public)/_pages/enhancement.ts.
export {};

function tell(): void {
  parent.postMessage({ petitionHeight: document.documentElement.offsetHeight }, "*");
}

new ResizeObserver(tell).observe(document.body);
tell();
