import { Button, Container, Head, Hr, Html, Link, Preview, Section, Text } from "@react-email/components";
import type { ReactNode } from "react";
import { directionOf, type Locale, languageOf } from "@/lib/i18n/locales";
import type { Language } from "@/lib/i18n/locales/language";
import { runsOf } from "./isolation";
import { PALETTE } from "./palette";

const { light, dark } = PALETTE;

/** Fonts installed on readers' devices; nothing is downloaded. Urdu in Nastaliq where available. */
const LATIN_FONTS = "-apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";
const SCRIPTS: Record<Language["script"], { fontFamily: string; lineHeight: string }> = {
  latin: { fontFamily: LATIN_FONTS, lineHeight: "1.5" },
  naskh: {
    fontFamily: `'Noto Sans Arabic', 'Noto Naskh Arabic', Tahoma, ${LATIN_FONTS}`,
    lineHeight: "1.8",
  },
  // Nastaliq hangs below its line and needs far more room.
  nastaliq: {
    fontFamily: `'Noto Nastaliq Urdu', 'Jameel Noori Nastaleeq', 'Urdu Typesetting', ${LATIN_FONTS}`,
    lineHeight: "2.2",
  },
};

/**
 * Mail programs use inline styles.
 * Those with a dark mode also read this; `!important` overrides the inline styles.
 */
const DARK_CSS = `
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (prefers-color-scheme: dark) {
  .page { background-color: ${dark.page} !important; }
  .card { background-color: ${dark.card} !important; border-color: ${dark.line} !important; }
  .text { color: ${dark.text} !important; }
  .muted { color: ${dark.muted} !important; }
  .link { color: ${dark.link} !important; }
  .button { background-color: ${dark.button} !important; color: ${dark.buttonText} !important; }
  .notice { background-color: ${dark.notice} !important; }
  .line { border-color: ${dark.line} !important; }
}`;

type MailLayoutProps = {
  locale: Locale;
  title: string;
  /** Shown after the subject in lists of mails. */
  preview: string;
  demonstration: string | null;
  footer: ReactNode;
  children: ReactNode;
};

/**
 * Renders what all mails share: language and direction,
 * colours, the demonstration notice on top and the footer.
 */
export function MailLayout({ locale, title, preview, demonstration, footer, children }: MailLayoutProps) {
  const direction = directionOf(locale);
  const language = { lang: locale, dir: direction };
  const writing = {
    ...SCRIPTS[languageOf(locale).script],
    textAlign: direction === "rtl" ? "right" : "left",
  } as const;
  return (
    <Html {...language}>
      <Head>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <title>{title}</title>
        <style>{DARK_CSS}</style>
      </Head>
      {/* Not React Email's Body: the cell it adds has no class, so it stays light in dark mode. */}
      <body {...language} className="page" style={{ backgroundColor: light.page, margin: 0 }}>
        <Preview>{preview}</Preview>
        {/* Webmail drops <html> and <body>: the table needs its own language and direction. */}
        <table
          {...language}
          className="page"
          role="presentation"
          width="100%"
          border={0}
          cellPadding={0}
          cellSpacing={0}
          style={{ backgroundColor: light.page, ...writing }}
        >
          <tbody>
            <tr>
              <td>
                <Container>
                  {demonstration !== null && (
                    <Section className="notice" style={{ backgroundColor: light.notice, marginTop: "16px" }}>
                      <Paragraph tone="text" small>
                        {demonstration}
                      </Paragraph>
                    </Section>
                  )}
                  <Section
                    className="card"
                    style={{
                      backgroundColor: light.card,
                      border: `1px solid ${light.line}`,
                      margin: "16px 0",
                    }}
                  >
                    {children}
                  </Section>
                  {footer}
                </Container>
              </td>
            </tr>
          </tbody>
        </table>
      </body>
    </Html>
  );
}

type ParagraphProps = { tone: "text" | "muted"; small?: boolean; children: ReactNode };

export function Paragraph({ tone, small = false, children }: ParagraphProps) {
  return (
    <Text
      className={tone}
      style={{
        color: light[tone],
        fontSize: small ? "14px" : "17px",
        lineHeight: "inherit",
        margin: 0,
        padding: "10px 24px",
      }}
    >
      {children}
    </Text>
  );
}

/** Renders a sentence in which names and titles keep their own direction. */
export function Sentence({ children }: { children: string }) {
  let position = 0;
  return runsOf(children).map(({ text, isolated }) => {
    const key = position;
    position += text.length;
    return isolated ? <bdi key={key}>{text}</bdi> : text;
  });
}

export function BigButton({ href, children }: { href: string; children: string }) {
  return (
    <Section style={{ padding: "14px 24px" }}>
      <Button
        href={href}
        className="button"
        style={{
          backgroundColor: light.button,
          color: light.buttonText,
          borderRadius: "6px",
          fontSize: "19px",
          fontWeight: 700,
          // React Email's 100% leaves Nastaliq touching the edges.
          lineHeight: "inherit",
          padding: "11px 28px",
        }}
      >
        {children}
      </Button>
    </Section>
  );
}

/** Renders a link with a text, or the address itself, which reads left to right in every language. */
export function PlainLink({ href, children }: { href: string; children?: string }) {
  return (
    <Link
      href={href}
      className="link"
      style={{ color: light.link, textDecoration: "underline", wordBreak: "break-all" }}
    >
      {children ?? (
        <bdi dir="ltr" style={{ fontFamily: LATIN_FONTS }}>
          {href}
        </bdi>
      )}
    </Link>
  );
}

export function Line() {
  return <Hr className="line" style={{ borderColor: light.line, margin: "10px 24px", width: "auto" }} />;
}
