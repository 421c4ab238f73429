/** Formats a count in English: "1 signature", "1,200 signatures". */
export function counted(number: number, thing: string): string {
  return `${number.toLocaleString("en")} ${thing}${number === 1 ? "" : "s"}`;
}
