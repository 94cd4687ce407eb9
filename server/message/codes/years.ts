/**
 * Recognizes years and times of day among numbers of four digits: years of the Gregorian, Buddhist, Islamic, Persian,
 * Hebrew and Indian calendars, and times without a separator (`kl. 0844`).
 */
import { LETTERS } from './whole-word.ts';
import { WordExpression } from './word-expression.ts';

/** Matches a number that can be a year of the Gregorian calendar. */
const GREGORIAN = /^(?:19|20)\d\d$/;

/**
 * The years of the present in other calendars, each with the scripts in which the calendar is used. In a text of
 * another script, such a number is a year only beside the name of a month or of an era.
 */
const CALENDARS: readonly { readonly years: RegExp; readonly script: RegExp }[] = [
  // The years around the present in the Buddhist calendar.
  { years: /^25[4-9]\d$/, script: /[\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Sinhala}]/u },
  // The years around the present in the Persian and the Islamic calendar.
  { years: /^1(?:3[89]|4[0-4])\d$/, script: /\p{Script=Arabic}/u },
  // The years around the present in the Hebrew calendar.
  { years: /^57[6-9]\d$/, script: /\p{Script=Hebrew}/u },
  // Present years of the calendar of Nepal (Bikram Sambat), which is 57 years ahead of the Gregorian calendar.
  { years: /^20[67]\d$|^208\d$/, script: /\p{Script=Devanagari}/u },
];

/** Matches a number that is a year beside the name of a month, in any of these calendars. */
const YEARS = /^(?:1[3-9]|2[0-6]|57)\d\d$/;

/** Names of the months in languages of the Latin, Cyrillic and Greek scripts, in the forms that are used in dates. */
const MONTHS_SPACED = [
  // Month names in Germanic languages.
  'january|february|march|april|may|june|july|august|september|october|november|december|januar|jänner|februar|feber|märz|mai|juni|juli|oktober|dezember|januari|februari|maart|mei|augustus|mars|maj|augusti|marts|desember|janúar|febrúar|apríl|maí|júní|júlí|ágúst|október|nóvember|maart|mei|junie|julie|augustus|desember',
  // Month names in Romance languages.
  'janvier|février|avril|juin|juillet|août|septembre|octobre|novembre|décembre|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|setiembre|octubre|noviembre|diciembre|janeiro|fevereiro|março|maio|junho|julho|setembro|outubro|novembro|dezembro|xaneiro|febreiro|xuño|xullo|decembro|gennaio|febbraio|aprile|maggio|giugno|luglio|settembre|ottobre|dicembre|gener|febrer|març|maig|juny|juliol|agost|setembre|octubre|desembre|ianuarie|februarie|martie|aprilie|iunie|iulie|septembrie|octombrie|noiembrie|decembrie',
  // Month names in Slavic languages that use the Latin script.
  'stycznia|lutego|marca|kwietnia|maja|czerwca|lipca|sierpnia|września|października|listopada|grudnia|ledna|února|března|dubna|května|června|července|srpna|října|prosince|januára|februára|apríla|mája|júna|júla|augusta|septembra|októbra|novembra|decembra|siječnja|veljače|ožujka|travnja|svibnja|lipnja|srpnja|kolovoza|rujna|studenog|prosinca|januara|februara|marta|aprila|juna|jula|avgusta|oktobra|januarja|februarja|junija|julija',
  // Month names in Baltic, Finnic, Basque, Hungarian, Turkic and Albanian languages.
  'sausio|vasario|kovo|balandžio|gegužės|birželio|liepos|rugpjūčio|rugsėjo|spalio|lapkričio|gruodžio|(?:janvār|februār|mart|aprīl|maij|jūnij|jūlij|august|septembr|oktobr|novembr|decembr)(?:is|ī|im|a)|(?:tammi|helmi|maalis|huhti|touko|kesä|heinä|elo|syys|loka|marras|joulu)kuu\\p{L}{0,4}|jaanuar\\p{L}{0,4}|veebruar\\p{L}{0,4}|märts\\p{L}{0,4}|aprill\\p{L}{0,4}|juun\\p{L}{0,4}|juul\\p{L}{0,4}|oktoober|detsember|urtarril\\p{L}{0,4}|otsail\\p{L}{0,4}|martxo\\p{L}{0,4}|apiril\\p{L}{0,4}|maiatz\\p{L}{0,4}|ekain\\p{L}{0,4}|uztail\\p{L}{0,4}|abuztu\\p{L}{0,4}|irail\\p{L}{0,4}|urri\\p{L}{0,4}|azaro\\p{L}{0,4}|abendu\\p{L}{0,4}|március\\p{L}{0,3}|április\\p{L}{0,3}|május\\p{L}{0,3}|június\\p{L}{0,3}|július\\p{L}{0,3}|augusztus\\p{L}{0,3}|szeptember|október|ocak|şubat|mart|nisan|mayıs|haziran|temmuz|ağustos|eylül|ekim|kasım|aralık|yanvar|fevral|aprel|iyun|iyul|avqust|sentyabr|oktyabr|noyabr|dekabr|janar|shkurt|prill|qershor|korrik|gusht|shtator|tetor|nëntor|dhjetor',
  // Month names in languages that use the Cyrillic and Greek scripts.
  'января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря|січня|лютого|березня|квітня|травня|червня|липня|серпня|вересня|жовтня|листопада|грудня|студзеня|лютага|сакавіка|красавіка|мая|чэрвеня|ліпеня|жніўня|верасня|кастрычніка|лістапада|снежня|януари|февруари|март|април|май|юни|юли|август|септември|октомври|ноември|декември|јануара?|фебруара?|марта?|априла?|маја?|јуна?|јула?|августа|септембра|октобра|новембра|децембра|қаңтар\\p{L}{0,4}|ақпан\\p{L}{0,4}|наурыз\\p{L}{0,4}|сәуір\\p{L}{0,4}|мамыр\\p{L}{0,4}|маусым\\p{L}{0,4}|шілде\\p{L}{0,4}|тамыз\\p{L}{0,4}|қыркүйек\\p{L}{0,4}|қазан\\p{L}{0,4}|қараша\\p{L}{0,4}|желтоқсан\\p{L}{0,4}|ιανουαρίου|φεβρουαρίου|μαρτίου|απριλίου|μαΐου|μαίου|ιουνίου|ιουλίου|αυγούστου|σεπτεμβρίου|οκτωβρίου|νοεμβρίου|δεκεμβρίου',
  // Month names in Vietnamese, Indonesian, Malay and Swahili.
  'tháng \\d{1,2},?|thg \\d{1,2},?|maret|agustus|mac|julai|ogos|disember|januari|februari|machi|aprili|agosti|desemba|novemba|oktoba|septemba',
  // Months of the Islamic and the Persian calendar in the Latin script.
  'muharram|safar|rabi.? (?:al-)?\\p{L}{1,8}|jumad\\p{L}{1,2} (?:al-)?\\p{L}{1,8}|rajab|sha.?ban|rama[dz]h?an|shaww?al|dhu.?l?[ -]\\p{L}{4,7}|zul\\p{L}{3,8}|farvardin|ordibehesht|khordad|tir|mordad|shahrivar|mehr|aban|azar|dey|bahman|esfand',
].join('|');

/** Names of the months in languages that write no blanks between words. */
const MONTHS_UNSPACED = [
  // Month names in Thai, Lao, Khmer and Burmese.
  'มกราคม|กุมภาพันธ์|มีนาคม|เมษายน|พฤษภาคม|มิถุนายน|กรกฎาคม|สิงหาคม|กันยายน|ตุลาคม|พฤศจิกายน|ธันวาคม|ม\\.ค\\.|ก\\.พ\\.|มี\\.ค\\.|เม\\.ย\\.|พ\\.ค\\.|มิ\\.ย\\.|ก\\.ค\\.|ส\\.ค\\.|ก\\.ย\\.|ต\\.ค\\.|พ\\.ย\\.|ธ\\.ค\\.',
  'ມັງກອນ|ກຸມພາ|ມີນາ|ເມສາ|ພຶດສະພາ|ມິຖຸນາ|ກໍລະກົດ|ສິງຫາ|ກັນຍາ|ຕຸລາ|ພະຈິກ|ທັນວາ|មករា|កុម្ភៈ|មីនា|មេសា|ឧសភា|មិថុនា|កក្កដា|សីហា|កញ្ញា|តុលា|វិច្ឆិកា|ធ្នូ|ဇန်နဝါရီ|ဖေဖော်ဝါရီ|မတ်|ဧပြီ|မေ|ဇွန်|ဇူလိုင်|ဩဂုတ်|စက်တင်ဘာ|အောက်တိုဘာ|နိုဝင်ဘာ|ဒီဇင်ဘာ',
].join('|');

/** Names of the months in languages of Arabic, Hebrew, Indic and other scripts. */
const MONTHS_OTHER = [
  // Month names in Arabic, Persian, Dari, Pashto and Urdu.
  'يناير|فبراير|مارس|[أا]بريل|مايو|يونيو|يوليو|[أا]غسطس|سبتمبر|[أا]كتوبر|نوفمبر|ديسمبر|جانفي|فيفري|أفريل|ماي|جوان|جويلية|أوت|غشت|شتنبر|نونبر|دجنبر|يوليوز|كانون (?:الثاني|الأول)|شباط|آذار|نيسان|[أا]يار|حزيران|تموز|آب|[أا]يلول|تشرين (?:الأول|الثاني)',
  'محرم|المحرم|صفر|ربيع (?:الأول|الآخر|الثاني)|جمادى (?:الأولى|الآخرة|الثانية)|رجب|شعبان|رمضان|شوال|ذو القعدة|ذي القعدة|ذو الحجة|ذي الحجة|ربیع‌?.الاول|ذی‌?.?الحجه|ذی‌?.?القعده',
  'فروردین|اردیبهشت|خرداد|تیر|مرداد|شهریور|مهر|آبان|آذر|دی|بهمن|اسفند|حمل|ثور|جوزا|سرطان|اسد|سنبله|میزان|عقرب|قوس|جدی|دلو|حوت|وری|غویی|غبرګولی|چنګاښ|زمری|وږی|تله|لړم|لیندۍ|مرغومی|سلواغه|کب|ژانویه|فوریه|آوریل|مه|ژوئن|ژوئیه|اوت|سپتامبر|اکتبر|نوامبر|دسامبر|جنوری|فروری|مارچ|اپریل|مئی|جون|جولائی|اگست|ستمبر|اکتوبر|نومبر|دسمبر',
  // Month names in Hebrew.
  'ינואר|פברואר|מרץ|מרס|אפריל|מאי|יוני|יולי|אוגוסט|ספטמבר|אוקטובר|נובמבר|דצמבר|תשרי|חשוון|חשון|כסלו|טבת|שבט|אדר(?: [אב]׳?)?|ניסן|אייר|סיוון|סיון|תמוז|אב|אלול',
  // Month names in languages of India, Nepal, Bangladesh and Sri Lanka.
  'जनवरी|फ़?रवरी|फरवरी|मार्च|अप्रैल|मई|जून|जुलाई|अगस्त|सितंबर|सितम्बर|अक्टूबर|नवंबर|नवम्बर|दिसंबर|दिसम्बर|जानेवारी|फेब्रुवारी|एप्रिल|मे|जुलै|ऑगस्ट|सप्टेंबर|ऑक्टोबर|नोव्हेंबर|डिसेंबर|वैशाख|जेठ|असार|साउन|भदौ|असोज|कात्तिक|मंसिर|पुस|माघ|फागुन|चैत्र?',
  'জানুয়ারি|জানুয়ারী|ফেব্রুয়ারি|ফেব্রুয়ারী|মার্চ|এপ্রিল|মে|জুন|জুলাই|আগস্ট|সেপ্টেম্বর|অক্টোবর|নভেম্বর|ডিসেম্বর|বৈশাখ|জ্যৈষ্ঠ|আষাঢ়|শ্রাবণ|ভাদ্র|আশ্বিন|কার্তিক|অগ্রহায়ণ|পৌষ|মাঘ|ফাল্গুন|চৈত্র',
  'ਜਨਵਰੀ|ਫ਼?ਰਵਰੀ|ਮਾਰਚ|ਅਪ੍ਰੈਲ|ਮਈ|ਜੂਨ|ਜੁਲਾਈ|ਅਗਸਤ|ਸਤੰਬਰ|ਅਕਤੂਬਰ|ਨਵੰਬਰ|ਦਸੰਬਰ|જાન્યુઆરી|ફેબ્રુઆરી|માર્ચ|એપ્રિલ|મે|જૂન|જુલાઈ|ઑગસ્ટ|સપ્ટેમ્બર|ઑક્ટોબર|નવેમ્બર|ડિસેમ્બર|ஜனவரி|பிப்ரவரி|மார்ச்|ஏப்ரல்|மே|ஜூன்|ஜூலை|ஆகஸ்ட்|செப்டம்பர்|அக்டோபர்|நவம்பர்|டிசம்பர்|జనవరి|ఫిబ్రవరి|మార్చి|ఏప్రిల్|మే|జూన్|జూలై|ఆగస్టు|సెప్టెంబర్|అక్టోబర్|నవంబర్|డిసెంబర్|ಜನವರಿ|ಫೆಬ್ರವರಿ|ಮಾರ್ಚ್|ಏಪ್ರಿಲ್|ಮೇ|ಜೂನ್|ಜುಲೈ|ಆಗಸ್ಟ್|ಸೆಪ್ಟೆಂಬರ್|ಅಕ್ಟೋಬರ್|ನವೆಂಬರ್|ಡಿಸೆಂಬರ್|ജനുവരി|ഫെബ്രുവരി|മാർച്ച്|ഏപ്രിൽ|മേയ്|ജൂൺ|ജൂലൈ|ഓഗസ്റ്റ്|സെപ്റ്റംബർ|ഒക്ടോബർ|നവംബർ|ഡിസംബർ|ජනවාරි|පෙබරවාරි|මාර්තු|අප්‍රේල්|මැයි|ජූනි|ජූලි|අගෝස්තු|සැප්තැම්බර්|ඔක්තෝබර්|නොවැම්බර්|දෙසැම්බර්',
  // Month names in Georgian, Armenian and Amharic.
  'იანვ|თებერვ|მარტ|აპრილ|მაის|ივნის|ივლის|აგვისტო|სექტემბ|ოქტომბ|ნოემბ|დეკემბ|հունվար|փետրվար|մարտ|ապրիլ|մայիս|հունիս|հուլիս|օգոստոս|սեպտեմբեր|հոկտեմբեր|նոյեմբեր|դեկտեմբեր|መስከረም|ጥቅምት|ኅዳር|ህዳር|ታኅሣሥ|ታህሳስ|ጥር|የካቲት|መጋቢት|ሚያዝያ|ግንቦት|ሰኔ|ሐምሌ|ነሐሴ',
].join('|');

/** Matches a day of the month or an abbreviation for an era between the name of a month and a year. */
const BEFORE_YEAR = String.raw`[.,،]?\s?(?:\d{1,2}(?:st|nd|rd|th)?\.?[,،]?\s)?(?:(?:de|del|do|di|of|năm|tahun|عام|سنة|سال|لسنة|พ\.ศ\.|ค\.ศ\.|ព\.ស\.|ພ\.ສ\.)\s?)?$`;

/** Matches the name of a month directly before a number. */
const MONTH_BEFORE = new WordExpression(
  {
    words: MONTHS_SPACED,
    start: `(?<![${LETTERS}])`,
    end: BEFORE_YEAR,
  },
  { words: MONTHS_UNSPACED, end: BEFORE_YEAR },
  { words: MONTHS_OTHER, start: String.raw`(?<![\p{L}\p{M}])`, end: String.raw`\p{L}{0,3}${BEFORE_YEAR}` },
);

/** Matches the name of a month directly after a number, in languages that put the year first. */
const MONTH_AFTER = new WordExpression(
  {
    words: MONTHS_SPACED,
    start: String.raw`(?<=^(?:\.|-?e[kt]o)?\s(?:m\.\s|gada\s(?:\d{1,2}\.\s)?)?)`,
    end: `(?![${LETTERS}])`,
  },
  { words: MONTHS_OTHER, start: String.raw`(?<=^\s)`, end: String.raw`(?![\p{L}\p{M}])` },
);

/** Matches a word for a time of day directly before a number. */
const TIME_BEFORE = new WordExpression({
  words: 'kl|klo|kello|kell|klokken|klokka|klockan|klukkan|plkst|godz|pukul|jam',
  start: `(?<![${LETTERS}])`,
  end: String.raw`\.?\s$`,
});
/** Matches a time of day without a separator. */
const TIME = /^(?:[01]\d|2[0-3])[0-5]\d$/;

/** A number with the text before and after it in its line. */
interface Placed {
  readonly value: string;
  readonly before: string;
  readonly after: string;
}

/** Returns whether a number can be a year, in the calendar of the script of the text around it. */
export const canBeYear = ({ value, before, after }: Placed): boolean =>
  GREGORIAN.test(value) ||
  CALENDARS.some(({ years, script }) => years.test(value) && (script.test(before) || script.test(after)));

/** Returns whether the name of a month beside a number shows that the number is a year. */
export const isYearOfMonth = ({ value, before, after }: Placed): boolean =>
  YEARS.test(value) && (MONTH_BEFORE.test(before) || MONTH_AFTER.test(after));

/** Returns whether a word for a time of day directly before a number shows that the number is a time. */
export const isTime = ({ value, before }: Placed): boolean => TIME.test(value) && TIME_BEFORE.test(before);
