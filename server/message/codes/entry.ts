/**
 * Verbs such as `enter`, by language. A verb announces the number directly beside it as a code, unless the
 * number counts something (`type 12345 characters`). In languages with blanks between words, a word after the
 * number is treated as a counted noun, unless it is listed as a word that may follow the number without being
 * counted: prepositions, conjunctions, adverbs, and certain case endings. For the other languages, the
 * counters (words that count things) of `units.ts` are used.
 */
import { wholeWord } from './whole-word.ts';

interface EntryVerbs {
  /**
   * The verbs such as `enter` of one language, as alternatives of a regular expression that are matched as whole
   * words.
   */
  readonly verbs: string;
  /**
   * Verbs such as `use`. They announce only codes of digits, because a code with letters may be a discount
   * code (`use SAVE20`).
   */
  readonly use?: string;
  /**
   * Words that may follow the number and are not counted nouns (`to`, `in`), as alternatives of a regular
   * expression that are matched as whole words.
   */
  readonly next: string;
}

const SPACED: Readonly<Record<string, EntryVerbs>> = {
  en: {
    // The word `type` is also a noun (`of type 4829`). It is a verb only at the start of a sentence, or after
    // a word such as `please` or `then`.
    verbs: String.raw`paste|copy|enter|(?<=^\s*|[.,;:!?]\s|(?:please|and|to|then|just|now|or|can|must|should|simply|you)\s)type(?: in)?(?!\s?:)|key in`,
    use: 'use',
    next: 'without|exactly|to|in|into|on|onto|at|as|when|if|and|or|for|below|here|now|within|inside|before|then|where|wherever|during|while|after|with|exactly|using|via|so|under|back|please|the next time|next time',
  },
  de: {
    verbs:
      'geben sie|trag(?:en sie)?|tippe?|kopier(?:e|en sie)|eingeben|geben sie(?: bitte)?|gib(?: bitte)?|tippen sie|eingabe von',
    use: 'verwenden sie|nutzen sie|verwende|nutze',
    next: 'ein|in|im|ins|auf|als|zur|zum|zu|um|an|am|bei|beim|und|oder|hier|jetzt|bitte|innerhalb|unter|für|damit|dort|dann|unten|wenn|sobald|ab|vor',
  },
  fr: {
    verbs: 'saisis|entre|tape|taper|entrer|collez|colle|copiez|copie|saisissez|saisir|entrez|tapez|indiquez',
    use: 'utilisez|utilise',
    next: String.raw`pour|sur|dans|à|au|aux|afin|et|ou|lorsque|lors|quand|comme|ici|en|puis|sous|avant|là|maintenant|ci-dessous|si|via|lorsqu|d['’]ici`,
  },
  es: {
    verbs:
      'introduzcas?|copia|copie|pega|pegue|teclea|digita|escribir|introduzca|introduce|introducir|ingrese|ingresa|ingresar|escribe|escriba|teclee|digite',
    use: 'use|usa|utilice|utiliza',
    next: 'tal|para|en|y|e|o|al|a|cuando|como|aquí|donde|si|dentro|ahora|antes|cuanto|durante|abajo|desde|por',
  },
  pt: {
    verbs:
      'digita|digitar|inserir|insere|introduz|introduzir|escreva|escreve|copie|cole|digite|insira|introduza|informe',
    use: 'use|utilize|usa',
    next: 'para|em|no|na|nos|nas|e|ou|ao|à|a|quando|como|aqui|onde|se|dentro|agora|antes|durante|abaixo|neste|nesta|por',
  },
  it: {
    verbs: 'digitare|scrivi|scriva|incolla|incolli|copia|inserisci|inserisca|inserire|immetti|digita|digiti',
    use: 'usa|usi|utilizza|utilizzi',
    next: 'per|nel|nella|nello|nell|sul|sulla|sull|su|in|e|ed|o|quando|come|qui|al|alla|all|entro|dove|se|ora|adesso|prima|durante|sotto|subito|a',
  },
  ca: {
    verbs: 'escriu|introduir|enganxa|copia|introduïu|introdueix|introduïx|escriviu',
    use: 'useu|utilitzeu|utilitza',
    next: 'per|a|al|en|i|o|quan|com|aquí|dins|on|si|ara|abans|durant',
  },
  nl: {
    verbs: 'vul|toets|plak|kopieer|tik|vul|voer|typ|toets',
    use: 'gebruik',
    next: 'in|op|om|als|en|of|bij|voor|hier|binnen|wanneer|aan|hieronder|daarna|nu|tijdens|zodra',
  },
  sv: {
    verbs: 'klistra in|skriv|slå in|knappa|ange|skriv in|mata in|knappa in',
    use: 'använd',
    next: 'den|exakt|för|i|på|och|eller|när|som|här|inom|vid|nedan|nu|om|under|så|till|innan',
  },
  'nb, da': {
    verbs:
      'lim inn|indtaste|taste inn|skrive inn|indsæt|kopier|tast|skriv inn|tast inn|oppgi|indtast|skriv|angiv',
    use: 'bruk|brug|benytt?',
    next: 'for|i|på|og|eller|når|som|her|innen|inden|ved|nedenfor|nå|nu|hvis|under|så|til|før|at',
  },
  is: {
    verbs: 'slá inn|sláðu inn|sláið inn|skrifaðu|límdu|stimplaðu inn',
    use: 'notaðu|notið',
    next: 'á|í|til|og|eða|þegar|sem|hér|innan|við|fyrir|að|núna|áður',
  },
  fi: {
    verbs: 'naputa|liitä|kopioi|syöttämällä|anna|syötä|kirjoita|näppäile',
    use: 'käytä',
    next: String.raw`osoitteessa|ja|tai|kun|niin|jotta|heti|nyt|tähän|tänne|alle|ennen|\p{L}+(?:ksesi|ksenne|kseen|ssa|ssä|lla|llä|lle|(?:aa|ee|ii|oo|uu|yy|ää|öö)n|h[aeiouyäö]n|essa|essä|ällä|ellä)`,
  },
  et: {
    verbs: 'kleebi(?:ge)?|trüki(?:ge)?|kirjuta(?:ge)?|kopeeri(?:ge)?|sisesta(?:ge)?|sisestades',
    use: 'kasuta(?:ge)?',
    next: String.raw`et|ja|või|kui|ning|siia|siin|kohe|nüüd|enne|\p{L}+(?:[es]es|el|al|ile|ele|ale|sse|seks|miseks|ks)`,
  },
  lv: {
    verbs: 'ielīmē(?:jiet)?|ierakst(?:i|iet)|ievadīt|ievadi(?:et)?|ievadot',
    use: 'izmanto(?:jiet)?',
    next: String.raw`lai|un|vai|kad|ja|šeit|zemāk|tagad|pirms|kā|\p{L}+(?:[āēīū]|ajā|ās|os)`,
  },
  lt: {
    verbs: 'įklijuok(?:ite)?|įrašyk|įvesti|suvesk|įveskite|įvesk|suveskite|įrašykite',
    use: '(?:pa)?naudok(?:ite)?',
    next: String.raw`ir|ar|arba|kad|jei|kai|čia|žemiau|dabar|prieš|kaip|į|per|\p{L}+(?:je|uose|ėse|dami)`,
  },
  pl: {
    verbs: 'wpisać|wklej(?:cie)?|wprowadzić|przepisz|podać|wpisz|wprowadź|podaj',
    use: 'użyj(?:cie)?',
    next: 'z|dokładnie|aby|żeby|by|w|we|na|i|oraz|lub|albo|do|jako|przy|podczas|tutaj|tu|poniżej|teraz|gdy|kiedy|jeśli|przed|celem|w celu',
  },
  'cs, sk': {
    verbs:
      'zadat|zadať|napiš|napíš|napíšte|vlož|vepiš|opiš(?: si)?|odpíšte|zadejte|zadej|zadajte|opište|napište|vložte|vepište',
    use: 'použijte|použij|použite|použi',
    next: 'pro|v|vo|ve|na|do|a|nebo|alebo|abyste|aby|jako|ako|k|ke|ku|při|pri|zde|sem|tu|pre|po|během|počas|nyní|teraz|když|keď|před|pred|níže|nižšie',
  },
  hu: {
    verbs:
      'írd be|írja be(?: az?)?|illeszd be|illessze be|gépeld be|gépelje be|pötyögd be|írja be(?: az?)?|írd be|adja meg(?: az?)?|add meg(?: az?)?|üsse be',
    use: 'használja|használd',
    next: String.raw`számsort|számot|számjegyeket|kódot|a|az|és|hogy|vagy|itt|ide|most|ha|amikor|\p{L}+(?:hez|hoz|höz|ban|ben|ba|be|ra|re|kor|nál|nél)`,
  },
  ro: {
    verbs: 'scrie|tastează|lipește|lipiți|copiază|introduceți|introdu|introduceti|tastați|scrieți',
    use: 'folosiți|folosește|utilizați',
    next: 'exact|pentru|în|in|pe|și|si|sau|la|când|cand|ca|aici|acum|dacă|mai jos|înainte',
  },
  bg: {
    verbs: 'постави|поставете|напиши|напишете|копирайте|набери|наберете|въведете|въведи',
    use: 'използвайте|използвай',
    next: 'за|в|във|на|и|или|когато|като|тук|сега|ако|при|до|преди|по-долу|да',
  },
  'ru, uk': {
    verbs:
      'ввести|вставь(?:те)?|встав(?:те)?|впиши(?:те)?|напиши(?:те)?|наберите|набери|набери|уведіть|уведи|введи|впишіть|скопируй(?:те)?|введите|введи|укажите|введіть|вкажіть',
    use: 'используйте|используй|використайте|використовуйте',
    next: 'чтобы|для|в|во|на|и|или|когда|как|здесь|сейчас|если|при|до|ниже|щоб|у|і|й|та|або|коли|як|тут|зараз|якщо|нижче|під|по|с',
  },
  'hr, sr, sl': {
    verbs:
      'upiši|unesi|ukucaj|vnesi|vpiši|zalijepi(?:te)?|nalepi(?:te)?|prilepi(?:te)?|унеси|упиши|укуцај|налепи|upišite|unesite|ukucajte|vnesite|vpišite|унесите|укуцајте|упишите',
    use: 'koristite|upotrijebite|uporabite|користите',
    next: 'i tvoj|točno|za|u|na|i|in|ili|ali|kada|kad|ko|kao|kot|ovdje|ovde|tukaj|sada|zdaj|ako|če|pri|da|v|kako|prije|pre|prilikom|за|у|на|и|или|када|као|овде|сада|ако|при|да|како',
  },
  el: {
    verbs:
      'γράψε|γράψτε|βάλε|βάλτε|πληκτρολόγησε|εισήγαγε|επικόλλησε|επικολλήστε|συμπλήρωσε|πληκτρολογήστε|εισαγάγετε|εισάγετε|καταχωρίστε|συμπληρώστε',
    use: 'χρησιμοποιήστε|χρησιμοποίησε',
    next: 'για|στο|στη|στην|στον|στα|σε|και|ή|όταν|ως|εδώ|τώρα|αν|ώστε|πριν|παρακάτω|κατά|μέσα',
  },
  tr: {
    verbs: 'giriniz|girin|yazın',
    next: 've|veya|ya|için|ile|olarak',
  },
  vi: {
    verbs: 'gõ|dán|điền|nhập|điền',
    use: 'dùng|sử dụng',
    next: 'để|vào|và|hoặc|trên|trong|tại|khi|ở|làm|nếu|ngay|trước|bên',
  },
  id: {
    verbs: 'ketikkan|tempel(?:kan)?|taip(?:kan)?|isi(?:kan)?|salin|masukkan|masukan|ketik|ketikkan',
    use: 'gunakan|guna',
    next: 'pada|dalam|sebelum|untuk|di|ke|pada|dan|atau|saat|ketika|sebagai|dalam|agar|sini|jika|sekarang|sebelum|guna',
  },
  af: { verbs: 'tik|voer|sleutel', use: 'gebruik', next: 'in|om|op|as|en|of|by|hier|binne|wanneer' },
  cy: { verbs: 'rhowch|teipiwch', use: 'defnyddiwch', next: 'i|ar|yn|a|neu|pan|yma|nawr|os' },
  eu: {
    verbs: 'sartu|idatzi',
    use: 'erabili',
    next: String.raw`eta|edo|hemen|orain|gero|\p{L}+(?:eko|tzeko|ean|an|ra)`,
  },
  fil: { verbs: 'ilagay|i-type|ipasok', use: 'gamitin', next: 'para|sa|at|o|dito|ngayon|bago|kung|kapag' },
  ga: {
    verbs: 'cuir isteach|clóscríobh',
    use: 'úsáid',
    next: 'chun|ar|i|sa|san|agus|nó|nuair|anseo|anois|má',
  },
  sq: {
    verbs: 'futni|shkruaj|shkruani|vendos(?:ni)?',
    use: 'përdor(?:ni)?',
    next: 'për|në|dhe|ose|kur|si|këtu|tani|nëse|brenda|që',
  },
  sw: {
    verbs: 'weka|ingiza|andika',
    use: 'tumia',
    next: 'ili|kwenye|katika|na|au|hapa|sasa|kabla|ndani',
  },
};

/**
 * Verbs such as `enter` in languages that have no blanks between words, or that attach prefixes to words.
 * These verbs are also matched within words.
 */
const UNSPACED =
  'ألصق|أدخل|إدخال|اكتب|وارد کنید|להזין|הזינו?|הקישו?|להקיש|להקליד|הקלידו?|הקלידי|הדביקו?|הדביקי|พิมพ์|วาง|กรอก|ป้อน|ใส่|输入|輸入|填写|填寫|键入|鍵入|입력|লিখুন|টাইপ কর' +
  '|ያስገቡ|մուտքագրեք|შეიყვანეთ|បញ្ចូល|ປ້ອນ|നൽകുക|टाका|प्रविष्ट|ਦਰਜ|દાખલ|ඇතුළත්|உள்ளிட|నమోదు|درج کریں|енгізіңіз|оруулна|kiriting|daxil edin';

/** Matches blanks, colons and opening quotation marks between a verb and a number. */
const OPENING = String.raw`[\s:："'“”„«»「『*_]{0,4}$`;
/** Matches closing quotation marks and brackets after a number. */
const CLOSING = String.raw`^["'“”»」』*_)\]]{0,3}`;

const BEFORE_SPACED = Object.values(SPACED).map(({ verbs, use, next }) => ({
  verb: new RegExp(wholeWord(verbs) + OPENING, 'iu'),
  use: use === undefined ? undefined : new RegExp(wholeWord(use) + OPENING, 'iu'),
  /**
   * Matches the text after a number if the clause ends there, or if the next word is not a counted noun. The
   * end of a range (`1000 to 5000`) is not matched.
   */
  next: new RegExp(
    String.raw`${CLOSING}(?:\s?$|\s?[^\s\p{L}\p{N}]|\s?(?:${next})(?![\p{L}\p{M}])(?!\s\d{3}))`,
    'iu',
  ),
}));
const BEFORE_UNSPACED = new RegExp(`(?:${UNSPACED})${OPENING}`, 'iu');
/**
 * Matches a verb such as `enter` after a number, for languages in which the verb follows its object, with an
 * optional particle between them.
 */
const AFTER =
  /^["'”»」』*_]{0,2}\s?(?:(?:을\(를\)|를\(을\)|을|를)\s?입력|を\s?(?:ご?入力|打ち込)|दर्ज|डालें|را\s(?:(?!بار)[\p{L}\p{M}]+\s){0,4}?(?:وارد|درج)|(?:['’]?[yn]?[ıiuü]\s(?:\p{L}+\s){0,3})?(?:gir(?:in|iniz|erek|ip)?|yaz(?:ın|ınız|arak|ıp)?)(?!\p{L})|লিখ|টাইপ|দিন(?!\p{L})|と\s?(?:ご?入力|打)|넣어|써\s)/iu;

/** Matches a verb such as `enter`, in any of the languages, at any position of a line. */
const ANYWHERE = new RegExp(
  `${wholeWord(
    Object.values(SPACED)
      .map(({ verbs }) => verbs)
      .join('|'),
  )}|${UNSPACED}|넣어|입력|入力`,
  'iu',
);

/** Matches an instruction to open something with a number (`unlock the locker with 9350`), up to the number. */
const OPENED =
  /(?<!\p{L})(?:open|unlock|öffn\p{L}+|entsperr\p{L}+|ouvr\p{L}+|déverrouill\p{L}+|abr[aei]\p{L}{0,2}|desbloque\p{L}+|apri(?:re|te)?|apra|sblocc\p{L}+|ontgrendel|öppna|lås upp|åpne?|åbn|lås opp|lås op|otwórz|otwieraj|odblokuj|otevř\p{L}+|odemkn\p{L}+|otvor\p{L}+|odomkn\p{L}+|otključaj\p{L}{0,2}|otkleni\p{L}{0,2}|odkleni\p{L}{0,2}|откро\p{L}+|разблокиру\p{L}+|відкри\p{L}+|отвор\p{L}+|откључај\p{L}{0,2})\s(?:[\p{L}\d]+\s){0,4}?(?:with|using|mit|avec|con|com|met|med|numerem|za pomocą|číslem|číslom|brojem|s številko|s|sa|z|с|со|з|із|номером|цифрами|бројем|със)\s["'“„«]?$/iu;

/** Returns whether the text before a number instructs the reader to open something with the number. */
export const isOpened = (before: string): boolean => OPENED.test(before);

/** Returns whether a line instructs the reader to enter the number that is alone in the next line. */
export const asksForEntry = (line: string): boolean => ANYWHERE.test(line);

/** Returns whether a verb directly beside a number instructs the reader to enter the number. */
export const isEntered = (before: string, after: string): boolean =>
  AFTER.test(after) ||
  BEFORE_UNSPACED.test(before) ||
  BEFORE_SPACED.some(({ verb, next }) => verb.test(before) && next.test(after));

/**
 * Returns whether a verb such as `use` is directly before a number, which means that the number is a code to be
 * entered.
 */
export const isUsed = (before: string, after: string): boolean =>
  BEFORE_SPACED.some(({ use, next }) => use?.test(before) === true && next.test(after));
