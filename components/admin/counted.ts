/** How many there are of something, in English words: "1 signature", "1,200 signatures". */
export function counted(number: number, thing: string): string {
  return `${number.toLocaleString("en")} ${thing}${number === 1 ? "" : "s"}`;
}
