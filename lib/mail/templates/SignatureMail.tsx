import { BigButton, Line, MailLayout, Paragraph, PlainLink, Sentence } from "./MailLayout";
import type { MailInput, MailWords } from "./words";

type SignatureMailProps = { input: MailInput; words: MailWords };

/** All kinds of mail share one layout. They differ in their texts and in which of them are left out. */
export function SignatureMail({ input, words }: SignatureMailProps) {
  return (
    <MailLayout
      locale={input.locale}
      title={words.subject}
      preview={words.body}
      demonstration={words.demonstration}
      footer={<Footer input={input} words={words} />}
    >
      <Paragraph tone="text">
        <Sentence>{words.greeting}</Sentence>
      </Paragraph>
      <Paragraph tone="text">
        <Sentence>{words.body}</Sentence>
      </Paragraph>
      <BigButton href={input.actionUrl}>{words.button}</BigButton>
      {words.expires !== null && <Paragraph tone="text">{words.expires}</Paragraph>}
      <Paragraph tone="muted" small>
        {words.linkFallback}
        <br />
        <PlainLink href={input.actionUrl} />
      </Paragraph>
      {words.notYou !== null && (
        <>
          <Line />
          <Paragraph tone="text" small>
            {words.notYou}
          </Paragraph>
        </>
      )}
    </MailLayout>
  );
}

function Footer({ input, words }: SignatureMailProps) {
  return (
    <>
      <Paragraph tone="muted" small>
        <Sentence>{words.footer}</Sentence>
        <br />
        <PlainLink href={input.siteUrl} />
      </Paragraph>
      <Paragraph tone="muted" small>
        <PlainLink href={input.unsubscribeUrl}>{words.unsubscribe}</PlainLink>
      </Paragraph>
    </>
  );
}
