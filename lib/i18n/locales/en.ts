import type { Language } from "./language";

const errors = {
  "name.missing": "Name: write your name in letters of any script.",
  "name.long": "Name: use 100 letters or fewer.",
  "name.url":
    "Name: it looks like a web or email address. Write only your name, with a space after each dot.",
  "email.invalid": "Email address: write it in full, like name@example.org.",
  "email.long": "Email address: it is too long. Use one of 254 characters or fewer.",
  "email.refused":
    "Email address: this petition does not take addresses of this provider. Use another address of yours.",
  "email.unreachable": "Email address: the part after @ takes no mail. Check it, or use another address.",
  "country.unknown": "Country: choose your country from the list.",
  "consent.missing": "Consent: tick the first box. Without your consent your signature cannot be counted.",
  "locale.unknown": "Language: it is not one of ours. Open the page again in a language from the top.",
};

/** The interface in English: plain words, short sentences, a reading age of about 13. */
export const messages = {
  errors,

  /** Shown beside the first tick box and stored with its version. A change of wording needs a new version. */
  consent:
    "I sign this petition. I agree that the organisation named on this page stores my name, email address and country to count my signature. I know that my signature shows a political opinion, and I expressly consent to its use for this petition. I can take this consent back at any time.",

  site: {
    demonstration: "Demonstration – not run or endorsed by Amnesty International",
    demonstrationDetail: "Nothing signed here is delivered to anyone.",
    skip: "Skip to the content",
    skipToForm: "Skip to the form",
    languages: "Language",
    privacy: "Privacy",
    home: "The petition",
    petitions: "Our petitions",
    noPetitions: "There is no petition here yet.",
    errorTitle: (p: { title: string }) => `Error: ${p.title}`,
  },

  translation: {
    title: "About this translation",
    notice:
      "A native speaker has not checked this translation yet. If words differ, the English page counts.",
    readEnglish: "Read it in English",
    correct: "How to correct it",
  },

  count: {
    label: "signatures, each confirmed by email",
    of: (p: { count: string; goal: string }) => `${p.count} of ${p.goal}`,
    signed: (p: { count: string }) => `${p.count} people have signed`,
    goal: (p: { goal: string }) => `Our goal: ${p.goal}`,
    milestone: (p: { goal: string }) => `We passed ${p.goal} signatures and raised the goal.`,
  },

  /** What became of a closed campaign. */
  outcome: {
    names: { won: "Won", partly: "Partly won", lost: "Not won", handed_over: "Handed over" },
    titled: (p: { outcome: string; title: string }) => `${p.outcome}: ${p.title}`,
    thanks: "Thank you to everyone who signed.",
  },

  supporters: {
    title: "Some of those who signed",
    lead: "Only people who chose to be shown, by first name.",
  },

  form: {
    title: "Add your name",
    lead: "It takes one minute. We will send you an email to confirm.",
    required: "Fill in everything except what is marked “optional”.",
    name: "Your name",
    nameHint: "As you want it on the petition.",
    email: "Email address",
    emailHint: "We write to it so that you can confirm. It is never shown.",
    country: "Country you live in",
    countryEmpty: "Choose a country",
    leaveEmpty: "Leave this empty",
    choices: "Your choices",
    publicName: "Optional: show my name on the petition page.",
    publicNameHint: "Leave this empty if a public name could put you or your family at risk.",
    publicInitial: "Show only the first letter of my name.",
    updates: "Optional: send me news about this campaign.",
    submit: "Sign the petition",
    signNow: "Sign now",
    sending: "Sending …",
    didYouMean: (p: { address: string }) => `Did you mean ${p.address}?`,
    privacy: "How we use your details",
    errorSummary: "Your signature is not sent yet",
    errorLead: "Please put this right:",
    notices: {
      "rate-limited": {
        title: "Too many tries just now",
        text: "Your signature is not sent yet. Please wait a few minutes, then press the button again. What you typed is still here.",
      },
      challenged: {
        title: "One moment, please",
        text: "Many signatures are coming from your network just now. Your browser is doing a small piece of work that only slows down machines, and then sends your signature by itself. If nothing happens within a minute, wait a few minutes and press the button again. What you typed is still here.",
      },
      unavailable: {
        title: "We cannot take your signature right now",
        text: "Something on our side is not working. Nothing was saved. Please press the button again in a few minutes. What you typed is still here.",
      },
      sandboxed: {
        title: "Please press the button once more",
        text: "Your browser did not tell us which page sent the form, so nothing was saved. What you typed is still here. If you see this message again, open our page in a new window.",
      },
      offline: {
        title: "No connection",
        text: "Your signature may not have reached us. What you typed is still here. Press the button again when you are online: nobody is counted twice.",
      },
    },
  },

  page: {
    news: "News",
    noNews: "No news yet. What happens next is told here.",
    feed: "Follow the news in a feed reader (Atom)",
    corrected: "Corrected on",
    sources: "Sources",
    sourcesLead: "Every number in the text leads to its source here. The links open other websites.",
    table: "The figures as a table",
    undated: "no date given",
    call: "The call",
    callTo: (p: { to: string }) => `To: ${p.to}`,
    callChanged: (p: { date: string }) => `Changed on ${p.date}`,
    callChangedText:
      "Those who signed before then signed the earlier text. What was taken out is struck through; what is new is underlined.",
    untranslated: (p: { language: string }) =>
      `Parts of this page are not translated yet. They are shown in ${p.language}.`,
  },

  thanks: {
    pendingTitle: "Now check your email",
    pendingText:
      "We have sent you an email. Open it and press the button to confirm. Your signature counts only after that.",
    pendingHelp: [
      "Nothing there after ten minutes? Look in the spam folder.",
      "Check that you wrote your address correctly. If not, sign again.",
      "If you have signed before, your signature stays as it is.",
    ],
    confirmedTitle: "Your signature counts",
    confirmedText: "Thank you. Your email address is confirmed and your name is on the petition.",
    reviewTitle: "Your email address is confirmed",
    reviewText: "Thank you. We look at your signature before it counts. You need to do nothing more.",
    alreadyText: "If you had confirmed before, nothing has changed: everyone is counted once.",
    shareTitle: "Ask others to sign",
    shareText: "One message to a friend can bring another signature.",
    back: "Back to the petition",
  },

  confirm: {
    title: "Confirm your signature",
    text: "One more step: press the button and your signature counts.",
    button: "Confirm my signature",
    notYouTitle: "Was this not you?",
    notYouText: "Someone may have typed your address by mistake. You can delete everything we hold about it.",
    notYouButton: "This was not me: delete",
  },

  unsubscribe: {
    title: "Stop our emails?",
    text: "Press the button and we stop writing to this address. Only if you ask for an email yourself, such as a lost link, may one still come. If you confirmed your signature, it still counts.",
    button: "Stop all emails",
    allowText:
      "If you stopped our emails before and want them again, for example because you want to sign, press this button.",
    allowButton: "Allow emails again",
  },

  message: {
    "not-found": {
      title: "This page does not exist",
      text: "The address may be mistyped, or the page may have moved.",
      action: "Go to the petition",
    },
    "bad-request": {
      title: "We could not read that",
      text: "Something was missing in what your browser sent. Please open the petition and try again.",
      action: "Go to the petition",
    },
    forbidden: {
      title: "This form came from another website",
      text: "For your safety we take signatures only from our own page. Please sign there.",
      action: "Sign on our page",
    },
    expired: {
      title: "This link no longer works",
      text: "A link in our emails works for 7 days. Sign again with the same address and we will send you a new email.",
      action: "Ask for a new email",
    },
    closed: {
      title: "This petition is closed",
      text: "It takes no new signatures. If you signed before it closed, you can still confirm by email.",
      action: "Read the petition",
    },
    "too-large": {
      title: "That was too much text",
      text: "The form sent more than we can take. Please fill it in again with only your own details.",
      action: "Back to the form",
    },
    "wrong-type": {
      title: "We could not read that form",
      text: "Your browser sent it in a way we do not know. Please use the form on the petition page.",
      action: "Back to the form",
    },
    "rate-limited": {
      title: "Too many tries just now",
      text: "Please wait a few minutes and try again.",
      action: "Back to the form",
    },
    unavailable: {
      title: "We cannot do this right now",
      text: "Something on our side is not working. Nothing was changed. Please try again in a few minutes.",
      action: "Back to the petition",
    },
    failure: {
      title: "Something went wrong",
      text: "This is our mistake, not yours. Please try again in a few minutes.",
      action: "Back to the petition",
    },
    withdrawn: {
      title: "Your signature is taken back",
      text: "It no longer counts and we have deleted your details.",
      action: "Go to the petition",
    },
    erased: {
      title: "Everything is deleted",
      text: "We hold nothing about you any more.",
      action: "Go to the petition",
    },
    "erased-for-good": {
      title: "Everything is deleted",
      text: "We hold nothing about you any more, save a scrambled form of your address, so that we never write to it again.",
      action: "Go to the petition",
    },
    "mail-allowed": {
      title: "Emails are allowed again",
      text: "We send you nothing now. When you sign, or ask for the link to your signature, we write to this address.",
      action: "Go to the petition",
    },
    unsubscribed: {
      title: "No more emails",
      text: "We have stopped writing to this address. Only if you ask for an email yourself, such as a lost link, may one still come. If you confirmed your signature, it still counts. If you change your mind, open the link in the email again.",
      action: "Back to the petition",
    },
    deleted: {
      title: "It is deleted",
      text: "We have deleted the name and the address that were typed in, and we will not write to this address again. If you want emails after all, open the link at the end of our email.",
      action: "Go to the petition",
    },
  },

  signature: {
    title: "Your signature",
    lead: "Only someone with this link sees this page. Do not pass the link on.",
    heldTitle: "What we hold about you",
    name: "Name",
    email: "Email address",
    country: "Country",
    language: "Language",
    state: "State",
    states: {
      pending: "waiting for you to confirm",
      confirmed: "confirmed and counted",
      invalid: "not counted: the campaign marked it as invalid",
    },
    signedAt: "Signed on",
    confirmedAt: "Confirmed on",
    correctedAt: "Last corrected on",
    consentVersion: "Version of the consent text",
    origin: "Signed on the website",
    publicName: "Name shown on the petition page",
    updates: "News about this campaign",
    yes: "yes",
    no: "no",
    correctTitle: "Correct it",
    save: "Save the changes",
    saved: "Your changes are saved.",
    shareTitle: "Pass the petition on",
    shareText:
      "Nobody can see who or how many people came through one link. Not even you: this protects everyone who signs.",
    downloadTitle: "Take it with you",
    download: "Download everything as a file (JSON)",
    withdrawTitle: "Take back your signature",
    withdrawText:
      "Your signature no longer counts and your name leaves the petition. We delete your details.",
    withdraw: "Take back and delete",
    eraseTitle: "Delete everything",
    eraseText: "We delete everything we hold about you, as if you had never signed.",
    neverWrite: "Never write to this address again. For that we keep a scrambled form of it.",
    erase: "Delete everything",
    lostTitle: "Lost your link?",
    lostText:
      "Write the address you signed with. If it is on the petition, we send the link to it. This page gives everyone the same answer, so nobody learns who signed.",
    lostButton: "Send me the link",
    lostSentTitle: "Look in your email",
    lostSentText: "If this address is on the petition, an email with the link is on its way.",
  },

  privacy: {
    title: "Privacy",
    lead: "What we ask for, why, how long we keep it, and what you can do.",
    whoTitle: "Who is responsible",
    who: (p: { organisation: string }) =>
      `${p.organisation} runs this petition and decides how your details are used.`,
    whatTitle: "What we ask for and why",
    what: [
      "Your name: a petition is made of people.",
      "Your email address: to check that you are real and sign only once. We never show it.",
      "The country you live in: to show in how many countries people sign.",
      "Whether you want news, and whether your name may be shown. Both are off unless you tick them.",
      "The language you signed in, the time, and the version of the consent text you agreed to.",
      "If you came through a shared link: where it was shared and how often it was passed on, until you confirm. Then we keep only sums over many people and, if it was a link of our own, which one. Nobody can see who came through whose link.",
      "If you signed on another website that works with us: its address.",
      "We lock your name and email address away together, and only the campaign has the key. To find you again, we keep a scrambled form of your address, and a coarse code of your name that hundreds of people share.",
      "Our form has a field that you cannot see and that must stay empty. If a program fills it in, your signature waits until a person has checked it.",
    ],
    notTitle: "What we do not do",
    not: [
      "Our public pages set no cookies, run no trackers and load nothing from other companies.",
      "We do not keep your internet address (IP) with your signature.",
      "We do not sell or rent your details.",
      "We show no number that could point at you. Public numbers are rounded or come later, so nobody can see when one person signs.",
    ],
    whyTitle: "Why we ask for your consent",
    why: "A signature here shows a political opinion. Data protection law in many countries guards this with special care. So we use it only if you agree in so many words. You agree to this text:",
    version: (p: { version: string }) => `Version of the consent text: ${p.version}`,
    keepTitle: "How long we keep it",
    keep: (p: {
      unconfirmed: string;
      handedOver: string;
      closed: string;
      mails: string;
      network: string;
      erased: string;
      unsubscribed: string;
      bounce: string;
      backups: string;
      logs: string;
    }) => [
      `A signature that you do not confirm: ${p.unconfirmed}. Then we delete what you typed.`,
      `A confirmed signature: until ${p.handedOver} after the petition is handed over, and at the latest ${p.closed} after it closes. Then we delete names and email addresses. Only the numbers stay.`,
      `The record of which emails we sent you, and when: ${p.mails}.`,
      "If you sign again before confirming: one more email in all.",
      "So that nobody can flood you with our emails, we count how many an address gets in a day. We keep the count under a scrambled form of the address and delete it when the day is over.",
      `To hold off programs that sign by the thousand, we keep a scrambled code of the network you signed from, never your internet address itself: at most ${p.network}.`,
      `What you take back or have deleted: gone from this website within ${p.erased}, and from our safety copies within ${p.backups}. Nothing is left, unless you ask us never to write to you again, or ask the campaign to delete it for you. Then we keep a scrambled form of your address.`,
      `Technical records of how the website runs, without names or addresses: ${p.logs}.`,
      `If you ask for no more emails, we note it with your signature. Then we write only if someone signs with your address again, at most once in ${p.unsubscribed}, or asks for your link, at most once a day.`,
      "If you had not confirmed, if it was not you, or if you report our email as spam, we keep a scrambled form of your address instead and do not write at all, until you allow emails again with the link in any of them.",
      `If our email cannot be delivered, we keep a scrambled form of the address and try once more after ${p.bounce}.`,
    ],
    rightsTitle: "What you can do",
    rights: [
      "See what we hold about you, correct it, or have it deleted.",
      "Take back your consent at any time. What was lawful before stays so.",
      "Stop our emails with the link at the end of each of them.",
      "Complain to the data protection office of your country.",
    ],
    askTitle: "Whom to ask",
    ask: (p: { organisation: string }) =>
      `Reply to any email that you got from this petition. ${p.organisation} must answer within one month.`,
    riskTitle: "If signing could be a risk to you",
    risk: "Think first about who can read your emails or use your phone. Leave your name hidden. You can also help by sharing the page without signing.",
  },

  share: {
    title: "Share",
    label: "Share this petition",
    on: (p: { place: string }) => `Share on ${p.place}`,
    email: "Email",
    sms: "Text message",
    device: "Share with an app on this phone",
    copy: "Copy the link",
    copied: "Copied",
    link: "The link to pass on",
    code: "Show a code to scan",
    codeAlternative: "A square code. A phone camera reads it and opens the petition.",
    poster: "Poster to print (PDF)",
    sheet: "Paper signature sheet (PDF)",
    pictures: "Pictures to post",
    square: "Square picture",
    story: "Tall picture",
    preview: (p: { count: string; goal: string }) => `${p.count} have signed. Our goal: ${p.goal}.`,
  },

  picture: {
    /** A count rounded down. */
    atLeast: (p: { count: string }) => `At least ${p.count} people have signed`,
  },

  poster: {
    scan: "Scan the code and sign",
    orOpen: "Or open this address:",
  },

  sheet: {
    title: "Signature sheet",
    lead: "Write clearly. Sign only for yourself, and only if you agree to the text below.",
    name: "Name",
    email: "Email (to confirm)",
    country: "Country",
    hand: "Signature",
    give: "Give the full sheet to the organisation. Then keep no copy.",
  },

  mail: {
    greeting: "Hello,",
    greetingByName: (p: { name: string }) => `Hello ${p.name},`,
    expires: (p: { days: string }) => `The button works for ${p.days}.`,
    confirmation: {
      subject: "Please confirm your signature",
      body: (p: { headline: string }) =>
        `Thank you for signing “${p.headline}”. Press the button to confirm. Your signature counts only after that.`,
    },
    reminder: {
      subject: "Your signature is waiting for you",
      body: (p: { headline: string }) =>
        `Someone asked us again to add this address to “${p.headline}”. If it was you, press the button to confirm. If you have confirmed already, you need not do anything.`,
    },
    confirmed: {
      subject: "Your signature counts",
      body: (p: { headline: string }) =>
        `Thank you. Your signature under “${p.headline}” is confirmed and counted. Your page shows what we hold about you and has links to share. There you can also correct your details, hide your name, or delete it all.`,
    },
    access: {
      subject: "The link to your signature",
      body: (p: { headline: string }) =>
        `Someone, perhaps you, asked for the link to your signature under “${p.headline}”. Your page shows what we hold about you. There you can correct it, hide your name, or delete it all.`,
      button: "Open my page",
    },
    linkFallback: "If the button does not work, copy this address into your browser:",
    notYou:
      "Was this not you? Then do nothing: your address will not be counted, and it will be deleted. To delete it at once, open the link above and choose “This was not me: delete”.",
    unsubscribe: "Stop all emails from this petition",
    footer: (p: { organisation: string }) =>
      `You get this email because someone typed this address into the petition of ${p.organisation}.`,
    demonstration:
      "Demonstration – not run or endorsed by Amnesty International. Nothing signed here is delivered to anyone.",
  },
};

/** Every text of the interface. English sets the shape: a translation that lacks one does not compile. */
export type Messages = typeof messages;

export const en: Language = {
  direction: "ltr",
  script: "latin",
  nativeName: "English",
  openGraph: "en_US",
  subtags: ["en"],
  // English texts write "1 November", so their dates do too.
  datesAs: "en-GB",
  reviewed: true,
  messages,
  countryNames: {
    BA: "Bosnia & Herzegovina",
    CC: "Cocos (Keeling) Islands",
    CD: "Congo (Democratic Republic)",
    CG: "Congo (Republic)",
    GB: "United Kingdom",
    MM: "Myanmar (Burma)",
    US: "United States",
  },
};
