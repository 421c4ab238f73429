import type { Source } from "@/lib/campaigns";

/**
 * The sources, by their key in the campaign's fact file (K1 to K33; a letter where one key holds two pages).
 * `S` is the article this campaign began from. It may come from an unreliable site: no claim rests on it alone.
 */
export const SOURCES = {
  S: {
    publisher: "BNN Breaking",
    what: "Report on Amnesty’s call; a site criticised for machine-written news, never our only source",
    date: "2024-03-26",
    url: "https://bnnbreaking.com/world/pakistan/amnesty-international-warns-against-continued-afghan-migrant-expulsion-from-pakistan",
  },
  K1: {
    publisher: "ARY News",
    what: "The Apex Committee’s deadline",
    date: "2023-12-10",
    url: "https://arynews.tv/421010-illegal-afghans-returned-to-homeland/",
  },
  K2: {
    publisher: "MENAFN/Khaama",
    what: "The second phase, and winter in the first",
    date: "2024-03-18",
    url: "https://menafn.com/1107989304/Pakistan-Govt-Initiates-Second-Phase-Of-Afghan-Migrants-Expulsion",
  },
  K4: {
    publisher: "Business Recorder",
    what: "The official reason: law and order",
    date: "2023-10-22",
    url: "https://www.brecorder.com/news/40269383/over-59000-illegal-refugees-repatriated-to-afghanistan",
  },
  K5: {
    publisher: "WE News",
    what: "Statement of the Foreign Office",
    date: "2023-10-26",
    url: "https://wenewsenglish.com/pakistans-action-against-illegal-foreigners-in-line-with-law-foreign-office",
  },
  K6: {
    publisher: "Afghanistan International",
    what: "About one million card holders",
    date: "2024-03-25",
    url: "https://afintl.com/en/202403254560",
  },
  K7a: {
    publisher: "News.az",
    what: "UNHCR’s chief: plan suspended",
    date: "2024-07-09",
    url: "https://news.az/news/pakistan-stops-repatriation-of-afghan-refugees",
  },
  K7b: {
    publisher: "Reuters (copy)",
    what: "Foreign Office: plan goes on",
    date: "2024-07",
    url: "https://paralel.az/en/article/515588",
  },
  K8: {
    publisher: "Dawn",
    what: "The deadline of 31 March 2025",
    date: null,
    url: "https://dawn.com/news/1900970",
  },
  K9a: {
    publisher: "Business Recorder",
    what: "UNHCR’s objection",
    date: "2025-08-07",
    url: "https://www.brecorder.com/news/40376760/deporting-registered-afghans-unhcr-urges-pakistan-to-reconsider-decision",
  },
  K9b: {
    publisher: "Ariana News",
    what: "Removals from 1 September",
    date: "2025-08-06",
    url: "https://www.ariananews.af/pakistan-to-begin-deportation-of-afghan-por-card-holders-from-september-1/",
  },
  K10: {
    publisher: "MENAFN",
    what: "Count by IOM",
    date: "2024-03-22",
    url: "https://menafn.com/1108010365/Over-520000-Afghan-Migrants-Expelled-From-Pakistan-IOM",
  },
  K11: {
    publisher: "MENAFN/IANS",
    what: "Count by IOM",
    date: "2026-01-11",
    url: "https://menafn.com/1110583085/Rights-Group-Flags-Harassment-Of-Afghan-Refugees-In-Pakistan-Pens-Letter-To-PM",
  },
  K12: {
    publisher: "Dawn (copy)",
    what: "Count by UNHCR: returned and deported",
    date: "2025-12-20",
    url: "https://thetimepakistan.com/p/394-28m-afghans-have-returned-to-afghanistan-says-unhcr-394",
  },
  K13a: {
    publisher: "KabulNow",
    what: "Save the Children on returning children",
    date: "2024-04",
    url: "https://kabulnow.com/2024/04/save-the-children-afghan-children-returning-from-pakistan-require-basic-necessities/",
  },
  K13b: {
    publisher: "MENAFN",
    what: "UNICEF on returning children",
    date: "2025-04-22",
    url: "https://menafn.com/1109456487/66Pc-Of-Returnees-From-Pakistan-Children-UN",
  },
  K14: {
    publisher: "Shia Waves",
    what: "Study of returned children and school",
    date: null,
    url: "https://shiawaves.com/english/news/islam/afghanistan/103807-afghan-kids-returning-from-pakistan-experience-grim-reality-study-says/",
  },
  K15: {
    publisher: "Amu TV",
    what: "Girls shut out of secondary school",
    date: "2025",
    url: "https://amu.tv/165247",
  },
  K16: {
    publisher: "Afghanistan International",
    what: "Count and shelter report by OCHA",
    date: "2023-11-14",
    url: "https://afintl.com/en/202311141727",
  },
  K17: {
    publisher: "Shafaqna",
    what: "UNHCR’s winter warning",
    date: "2023-11-23",
    url: "https://en.shafaqna.com/336847/unhcr-calls-on-pakistan-to-halt-deportation-of-afghan-refugees/",
  },
  K18: {
    publisher: "RSF",
    what: "Afghan journalists at risk",
    date: "2023-11",
    url: "https://rsf.org/en/rsf-urges-pakistani-government-not-deport-afghan-journalists",
  },
  K19a: {
    publisher: "USCIRF",
    what: "Fears for religious minorities",
    date: "2023-11-06",
    url: "https://www.uscirf.gov/node?page=57",
  },
  K19b: {
    publisher: "USCIRF",
    what: "Alarm at returns",
    date: "2025-04-28",
    url: "https://www.uscirf.gov/news-room/releases-statements/uscirf-alarmed-repatriation-afghan-refugees",
  },
  K20: {
    publisher: "AusPol",
    what: "UN report on people who were sent back",
    date: "2025-07-24",
    url: "https://auspol.co/un-report-rights-violations-of-afghan-returnees",
  },
  K21: {
    publisher: "Amnesty International",
    what: "Urgent Action 109/23, ASA 33/7416/2023",
    date: "2023-11-15",
    url: "https://ua.amnesty.ch/urgent-actions/2023/11/109-23?ua_language=en",
  },
  K22: {
    publisher: "Amnesty International",
    what: "What Pakistan’s government should do",
    date: "2024-04",
    url: "https://www.amnistia.org/ve/noticias/2024/04/26226/pakistan-government-must-stop-ignoring-global-calls",
  },
  K23: {
    publisher: "The Nation",
    what: "Amnesty on registration",
    date: "2023-11-11",
    url: "https://www.nation.com.pk/11-Nov-2023/ai-for-halt-to-refugees-repatriation",
  },
  K24: {
    publisher: "Afghanistan International",
    what: "Amnesty on groups at risk (in Pashto)",
    date: "2024-03-27",
    url: "https://afintl.com/pa/202403277139",
  },
  K25: {
    publisher: "Amnesty International",
    what: "#UndoTheDeadline",
    date: "2025-04",
    url: "https://www.amnistia.org/en/news/2025/04/pakistan-amnesty-international-launches-undothedeadline-campaign",
  },
  K26: {
    publisher: "Afghanistan International",
    what: "Amnesty’s open letter",
    date: "2026-01-09",
    url: "https://www.afintl.com/en/202601109149",
  },
  K27: {
    publisher: "legislation.data.gov.uk",
    what: "Convention against Torture, Article 3",
    date: null,
    url: "https://legislation.data.gov.uk/uksi/1997/1769/schedule/1/part/I/crossheading/3/made/data.html",
  },
  K28a: {
    publisher: "Courting the Law",
    what: "Pakistan’s ratification",
    date: "2015-06-01",
    url: "https://courtingthelaw.com/2015/06/01/commentary/un-convention-against-torture-and-other-cruel-inhuman-or-degrading-treatment-or-punishment",
  },
  K28b: {
    publisher: "Bayefsky",
    what: "Pakistan’s reservations",
    date: null,
    url: "http://www.bayefsky.com/./html/pakistan_t2_cat.php",
  },
  K30: {
    publisher: "RLI blog",
    what: "Pakistan and the Refugee Convention",
    date: "2023-12-04",
    url: "https://rli.blogs.sas.ac.uk/2023/12/04/did-pakistan-commit-crimes-against-humanity-in-deporting-afghan-refugees/",
  },
  K31: { publisher: "Amu TV", what: "UN experts on the plan", date: "2023-12", url: "https://amu.tv/75470/" },
  K32: {
    publisher: "UNHCR",
    what: "Position on returns to Afghanistan",
    date: "2021-08",
    url: "https://reliefweb.int/report/afghanistan/unhcr-position-returns-afghanistan-august-2021",
  },
  K33: {
    publisher: "Frontier Post/Khaama",
    what: "Amnesty’s call and its asks",
    date: null,
    url: "https://thefrontierpost.com/amnesty-international-warns-against-continued-afghan-migrant-expulsion/",
  },
} as const satisfies Record<string, Source>;

export type SourceId = keyof typeof SOURCES;
