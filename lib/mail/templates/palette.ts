/** Colours of the mails. The tests hold every pair of text and ground to 4.5:1 (WCAG 2.2, 1.4.3) in both schemes. */
export const PALETTE = {
  light: {
    page: "#f4f1ec",
    card: "#ffffff",
    text: "#1c1917",
    muted: "#57524c",
    link: "#8f1d1d",
    button: "#8f1d1d",
    buttonText: "#ffffff",
    notice: "#fdf0d5",
    line: "#ddd6cc",
  },
  dark: {
    page: "#141210",
    card: "#211e1b",
    text: "#f3efe9",
    muted: "#bdb5aa",
    link: "#ffb4a6",
    button: "#ffb4a6",
    buttonText: "#2b0d08",
    notice: "#3a2f17",
    line: "#4a443d",
  },
} as const;
