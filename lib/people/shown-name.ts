import { nameMistake, tidyName } from "@/lib/fields";
import { foldPhrase } from "@/lib/i18n/fold";

/** Longest first name shown, in characters. */
const FIRST_NAME_MAX_CHARACTERS = 30;

const words = (...lines: string[]) => new Set(lines.flatMap((line) => line.split(" ")).map(foldPhrase));

/** Forms of address and titles. Those that are also given names (Syed, Malik, Mir, Hafiz) are left out. */
const TITLES = words(
  "Mr Mrs Ms Miss Mx Mister Missus Master Sir Madam Madame Mme Mlle Monsieur Lady Lord Herr Frau",
  "Dr Doctor Docteur Prof Professor Professeur Reverend Captain Colonel General Engineer Engr Advocate",
  "Haji Hajji Hadji Alhaj Mullah Mulla Maulana Maulvi Mawlawi Mowlavi Mufti Qari Ustad Ustaz Janab Begum",
  "جناب محترم محترمہ مسٹر مسز مس ڈاکٹر پروفیسر انجینئر ایڈووکیٹ کیپٹن کرنل جنرل بیگم",
  "حاجی الحاج مولانا مولوی مفتی قاری علامہ ملا استاد بی‌بی",
  "آقای خانم دوشیزه داکتر دکتر دوکتور پروفیسور پروفسور پوهاند پوهنوال انجنیر انجینیر مهندس جنرال",
  "ښاغلی ښاغلې مېرمن میرمن آغلې پېغله ډاکټر ډاکټره پوهندوی",
  "السيد السيدة الآنسة الدكتور الدكتورة دكتور دكتورة الأستاذ الأستاذة المهندس المهندسة الحاجة",
);
/** Abbreviated titles that are names without their full stop: "Phil", "Maj", "Eng". */
const ABBREVIATED_TITLES = words("Rev Med Phil Dipl Ing Eng Adv Hon Capt Col Gen Maj Lt Sgt");

// Two words are joined only when the pair is known to be one given name: a wrong guess would publish a family
// name.

/**
 * Known second halves for each first half. An Arabic second half that begins with the article needs no entry.
 */
const PAIRS: readonly { first: ReadonlySet<string>; second: ReadonlySet<string> }[] = [
  {
    first: words("Abd Abdul Abdel Abdal Abdur Abdus Abdool عبد عبدل"),
    second: words(
      "Ahad Alim Aleem Aziz Bari Basir Baseer Basit Fatah Fattah Ghaffar Ghafar Ghafoor Ghafur Ghani Hadi Hai Hakim Hakeem",
      "Halim Haleem Hamid Hameed Haq Haqq Hafeez Jabar Jabbar Jalil Jaleel Jamil Kabir Karim Kareem Khaliq Latif Lateef Majid",
      "Majeed Malik Manan Mannan Matin Mateen Momin Mujib Nabi Nasir Nasser Qadir Qadeer Qader Qahar Qayum Qayyum Quddus Qudus Rab",
      "Rahim Raheem Rahman Rahmaan Rehman Rashid Rasheed Rauf Raziq Razaq Razzaq Saboor Sabur Salam Samad Sami Satar Sattar",
      "Shakoor Shakur Wadood Wadud Wahab Wahhab Wahid Waheed Wakil Wali Wasi Zahir",
      "رحمن رحیم کریم عزیز غفور غفار غنی حکیم حمید حق جبار جلیل خالق لطیف مجید متین قادر قیوم قدوس رشید رؤف رزاق صبور سلام صمد ستار شکور وهاب واحد وکیل ولی ظاهر",
    ),
  },
  {
    first: words("Ghulam Gholam Gulam Golam غلام"),
    second: words(
      "Abbas Ali Farooq Faruq Haider Haidar Hasan Hassan Hazrat Hussain Hussein Hossain Husain Jilani Mohiuddin Muhammad Mohammad",
      "Mohammed Murtaza Mustafa Nabi Qadir Rabbani Rasool Rasul Sakhi Sarwar Siddiq",
      "عباس علی فاروق حیدر حسن حضرت حسین جیلانی محی‌الدین محمد مرتضی مصطفی نبی قادر ربانی رسول سخی سرور صدیق",
    ),
  },
  {
    first: words("Noor Nur Gul Jan Din Deen Faiz Taj Yar Dost Khan نور گل جان دین فیض تاج یار دوست خان"),
    second: words("Muhammad Mohammad Mohammed Muhammed محمد"),
  },
  {
    first: words("Abu Abou Umm Um Umme ابو أبو ام أم"),
    second: words(
      "Bakr Bakar Talib Turab Zar Kulthum Kulsum Kulsoom Salma Habiba Hani Farwa Rubab Aiman Ayman",
      "بکر طالب تراب ذر کلثوم سلمی سلمه حبیبه هانی فروه رباب ایمن",
    ),
  },
];
/** Arabic second halves that only ever complete a given name, whatever precedes them. */
const COMPLETING = words("الله الدین الرحمن الرحمان الرحیم الحق الاسلام النساء العین الزمان");
/** The article between two halves in Latin spelling, as in "Zia ul Haq". */
const ARTICLES = words("ul ur ud uz us un ush");
/** The article after "Abd" only: after other names it starts a family name ("Bashar al Assad"). */
const ARTICLES_AFTER_ABD = words("al el ar as");

/**
 * Returns the public form of a name: its first name, with compound names whole, or with `initial` the first
 * letter. Skips titles, and never shows anything that a reader's program would turn into a link. For a name
 * of a single word, that word is shown.
 * @returns an empty text for a name that the form would refuse.
 */
export function shownName(name: string, initial: boolean): string {
  const tidy = tidyName(name);
  if (nameMistake(tidy) !== null) return "";
  const first = firstName(tidy);
  if (initial) return `${/\p{L}/u.exec(first)?.[0] ?? ""}.`;
  const letters = Array.from(letterSegmenter.segment(first), ({ segment }) => segment);
  return letters.slice(0, FIRST_NAME_MAX_CHARACTERS).join("");
}

/**
 * Splits a text into letters with their marks (UAX #29). Created once, because creating it costs more than
 * shortening a name.
 */
const letterSegmenter = new Intl.Segmenter();

/**
 * A full stop ends a word even without a space after it: "Dr.Net" is a title and a name, and of "x.com" only
 * "x." is shown.
 */
const WORD = /[^ .\u2024\u3002\uFF0E\uFF61]+[.\u2024\u3002\uFF0E\uFF61]*/gu;

function firstName(name: string): string {
  const parts = (name.match(WORD) ?? [])
    .filter((text) => /\p{L}/u.test(text))
    .map((text) => ({ text, key: foldPhrase(text), abbreviated: text.endsWith(".") }));
  const titled = parts.findIndex((_, at) => !isTitle(parts, at));
  // If there are only titles, the first one is the name.
  const start = Math.max(titled, 0);
  const [first = "", second, third] = parts.slice(start).map(({ key }) => key);
  const length = wordsInFirstName(first, second, third);
  return parts
    .slice(start, start + length)
    .map(({ text }) => text)
    .join(" ");
}

function isTitle(parts: readonly { key: string; abbreviated: boolean }[], at: number): boolean {
  const { key = "", abbreviated = false } = parts[at] ?? {};
  if (TITLES.has(key) || (abbreviated && ABBREVIATED_TITLES.has(key))) return true;
  // "بی بی" is one title in two words.
  return key === "بی" && (parts[at + 1]?.key === "بی" || parts[at - 1]?.key === "بی");
}

function wordsInFirstName(first: string, second?: string, third?: string): number {
  if (second === undefined) return 1;
  const afterAbd = first === "abd" && ARTICLES_AFTER_ABD.has(second);
  if (third !== undefined && (afterAbd || ARTICLES.has(second))) return 3;
  if (COMPLETING.has(second)) return 2;
  const isPair = PAIRS.some(
    (pair) => pair.first.has(first) && (pair.second.has(second) || isConstruct(first, second)),
  );
  return isPair ? 2 : 1;
}

/**
 * Matches "عبد الرحمن", "ام البنین", "Abd al-Rahman": the article makes the second word part of the first.
 */
function isConstruct(first: string, second: string): boolean {
  const bound = /^(?:عبد|ابو|ام|abd|abu|umm)$/.test(first);
  return bound && /^(?:ال\p{L}|(?:al|el|ar|as|ul|ur) )/u.test(second);
}
