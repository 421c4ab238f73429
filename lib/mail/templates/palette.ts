/**
 * Colours of the mails: the same as the pages, so that signers recognise the sender.
 * The tests hold every pair of text and background to 4.5:1 (WCAG 2.2, 1.4.3) in both schemes.
 */
export const PALETTE = {
  light: {
    page: "#f7f8fb",
    card: "#ffffff",
    text: "#12182b",
    muted: "#4a5266",
    link: "#1c3a94",
    button: "#b8142f",
    buttonText: "#ffffff",
    notice: "#e3e7f3",
    line: "#c9cfdd",
  },
  dark: {
    page: "#0b1020",
    card: "#141b33",
    text: "#eef1fa",
    muted: "#b4bdd3",
    link: "#a9bfff",
    button: "#ff8d9c",
    buttonText: "#2b0d12",
    notice: "#1d2644",
    line: "#3c4767",
  },
} as const;
