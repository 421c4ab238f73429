import type { Locale } from "@/lib/i18n/locales";

/** Given and family names in one script. */
export type NameList = { given: readonly string[]; family: readonly string[] };

const english: NameList = {
  given: words(
    "Amelia Oliver Sophie Jack Grace Thomas Hannah James Ruth Daniel Clara Samuel Alice Benjamin Eleanor Henry Maya Noah Lena Lukas Johanna Felix Marie Paul Camille Louis Chloé Hugo Elena Marco Giulia Lucía Mateo Ingrid Erik Astrid Lars Zofia Jakub Niamh Conor Priya Arjun Mei Kenji Aroha Tama Zarghuna Farid Nargis Habib Ayesha Bilal Samina Imran Parwana Najib Shabnam Omid Wazhma Khalid Fatima Yusuf Laila Rahim",
  ),
  family: words(
    "Smith Jones Taylor Brown Williams Wilson Evans Thomas Roberts Walker Wright Hughes Green Hall Wood Clarke Murphy Byrne Müller Schmidt Schneider Fischer Weber Martin Bernard Dubois Rossi Ferrari García Fernández Silva Santos Novák Kowalski Andersson Johansen Nielsen Virtanen Nguyen Chen Tanaka Patel Sharma Singh Ahmadi Rahimi Karimi Noorzai Stanikzai Yousafzai Khan Malik Chaudhry Qureshi Hussaini Amiri Sultani Safi Popal Wardak",
  ),
};

const urdu: NameList = {
  given: words(
    "عائشہ فاطمہ زینب مریم خدیجہ صائمہ نادیہ ثمینہ رابعہ حنا سعدیہ نورین شازیہ عظمیٰ بشریٰ علی حسن حسین عمر بلال عمران کامران سلمان فیصل طارق ندیم شہزاد وقاص زاہد ارشد جاوید خالد اسلم فہد",
  ),
  family: words(
    "خان ملک چوہدری قریشی بٹ شیخ میر راجہ مرزا صدیقی انصاری ہاشمی عباسی جعفری رضوی نقوی بخاری گیلانی اعوان گجر آرائیں لودھی درانی آفریدی خٹک بلوچ مینگل بھٹو سومرو میمن",
  ),
};

const dari: NameList = {
  given: words(
    "فریده لیلا نرگس پروانه شکیبا زهرا مریم سهیلا نیلوفر شبنم پروین ثریا فرشته معصومه حمیده احمد محمود فرید نجیب حبیب رحیم کریم امید جاوید میرویس همایون نعمت عبدالله عزیز ضیا رامین بهزاد",
  ),
  family: words(
    "احمدی رحیمی کریمی حسینی محمدی امیری سلطانی نوری هاشمی رضایی جعفری علیزاده صادقی یعقوبی نظری اکبری ابراهیمی فیضی قادری صدیقی عزیزی نیازی حکیمی سروری عثمانی توخی مجددی بهادری",
  ),
};

const pashto: NameList = {
  given: words(
    "زرغونه ملالۍ پلوشه شینکۍ وږمه سپوږمۍ تورپیکۍ نازو هوسۍ ګلالۍ پښتنه زرمینه خاطره مېرمن زرلښته احمدشاه خوشحال میرویس ایمل تورګل زمری سپین شیرخان توریالی اباسین هېواد باتور ننګیالی وحید شاهین",
  ),
  family: words(
    "یوسفزی نورزی ستانکزی احمدزی پوپل وردک صافی اڅکزی بارکزی الکوزی هوتک کاکړ منګل ځدراڼ شینواری مومند اپریدی ساپی تره‌کی خروټی سلیمانخېل ځاځی وزیر مسید بنګښ خټک اورکزی دراني",
  ),
};

/** Names in the script that signatories write in, by the language they read. */
export const NAMES: Record<Locale, NameList> = { en: english, ur: urdu, "fa-AF": dari, ps: pashto };

/** How these names are spelled in addresses, whatever the script of the name itself. */
export const ADDRESS_NAMES: NameList = {
  given: words(
    "amelia oliver sophie jack grace hannah james daniel clara samuel zarghuna farid nargis habib ayesha bilal samina imran parwana najib shabnam omid wazhma khalid fatima yusuf laila rahim malalai mirwais",
  ),
  family: words(
    "smith jones taylor brown evans walker hughes clarke murphy weber martin rossi silva ahmadi rahimi karimi noorzai stanikzai yousafzai khan malik chaudhry qureshi hussaini amiri sultani safi popal wardak achakzai",
  ),
};

/** Names typed as a joke. */
export const JOKE_NAMES: readonly string[] = [
  "Mickey Mouse",
  "Donald Duck",
  "asdf asdf",
  "Test Test",
  "xxxx",
];

function words(list: string): readonly string[] {
  return list.split(" ");
}
