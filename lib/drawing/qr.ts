import qrcode from "qrcode-generator";

/** Quiet zone that a scanner needs around the code, in modules (ISO/IEC 18004, 9.1). */
const QUIET_ZONE_MODULES = 4;

/**
 * Returns a QR code (ISO/IEC 18004, correction level M) as path data on a square grid of `side`
 * units, quiet zone included.
 */
function qrPath(url: string): { side: number; path: string } {
  // 0 picks the smallest version that holds the address.
  const code = qrcode(0, "M");
  code.addData(url, "Byte");
  code.make();
  const modules = code.getModuleCount();
  const parts: string[] = [];
  for (let row = 0; row < modules; row++) {
    for (let column = 0; column < modules; column++) {
      if (!code.isDark(row, column)) continue;
      let run = 1;
      while (column + run < modules && code.isDark(row, column + run)) run++;
      parts.push(`M${column + QUIET_ZONE_MODULES} ${row + QUIET_ZONE_MODULES}h${run}v1h-${run}z`);
      column += run;
    }
  }
  return { side: modules + 2 * QUIET_ZONE_MODULES, path: parts.join("") };
}

/**
 * Returns a QR code as an SVG file. Black on white whatever the page's colours, because scanners expect that.
 */
export function qrSvg(url: string): string {
  const { side, path } = qrPath(url);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${side} ${side}" width="${side * 8}" height="${side * 8}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h${side}v${side}H0z"/><path d="${path}"/></svg>`;
}

/** Draws a QR code for use within a drawing, `size` units wide. */
export function qrMark(url: string, left: number, top: number, size: number): string {
  const { side, path } = qrPath(url);
  return `<g transform="translate(${left} ${top}) scale(${size / side})"><path fill="#ffffff" d="M0 0h${side}v${side}H0z"/><path fill="#000000" d="${path}"/></g>`;
}
