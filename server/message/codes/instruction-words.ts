/**
 * Nouns of sentences that instruct the reader to enter a code without naming it a code (`type these digits into
 * the field`), by language. `instruction.ts` has the rules that use these words.
 */

export interface InstructionNouns {
  /** Stems of nouns for what the reader enters: digits, a number, characters, a code. */
  readonly objects: string;
  /** Stems of nouns for the place in which the reader enters a code: a field, a window, an app, a page. */
  readonly targets: string;
  /** Stems of nouns for the subject line of a message. */
  readonly subject: string;
}

/** Nouns of languages in the Latin, Cyrillic and Greek scripts. Each stem is matched at the start of a word. */
export const NOUNS_SPACED: Readonly<Record<string, InstructionNouns>> = {
  en: {
    objects: 'digits?|numbers?|figures|characters|letters|codes?|passcodes?|combination|sequence|string',
    targets: String.raw`fields?|box(?:es)?|windows?|apps?(?!\p{L})|applications?|pages?|forms?(?!\p{L})|screens?|web ?sites?|sites?|browsers?|portals?|prompt|dialog|kiosk|terminal|tab(?!\p{L})`,
    subject: 'subject',
  },
  de: {
    objects: String.raw`ziffern?|zahl(?:en)?(?!\p{L})|nummer|zeichen|code|kombination|\p{L}{1,12}folge`,
    targets: String.raw`\p{L}{0,20}(?:feld|felder|fenster|seite|formular|maske|bildschirm)|kästchen|app(?!\p{L})|anwendung|website|browser|portal|gerät`,
    subject: 'betreff',
  },
  lb: {
    objects: 'zifferen|zuel|nummer|zeechen|code',
    targets: String.raw`\p{L}{0,15}(?:feld|fënster|säit)|app(?!\p{L})|formulär|formulaire|ecran|écran|bildschierm|site`,
    subject: 'sujet|betreff|objet',
  },
  'fr, oc': {
    objects: 'chiffres|nombre|numéro|caractères|code|combinaison|suite|chifras|nombre|còdi',
    targets:
      'champ|case|fenêtre|application|appli|page|formulaire|écran|site|navigateur|portail|zone|rubrique|espace|encadré|finèstra|aplicacion|pagina|formulari|ecran',
    subject: 'objet|objècte|sujet',
  },
  es: {
    objects: 'dígitos|número|cifras?|caracteres|código|combinación|clave',
    targets:
      'campo|casilla|ventana|aplicación|app|página|formulario|pantalla|sitio|web|navegador|portal|recuadro|cuadro|apartado',
    subject: 'asunto',
  },
  gl: {
    objects: 'díxitos|número|cifras|caracteres|código',
    targets: 'campo|caixa|cadro|xanela|aplicación|app|páxina|formulario|pantalla|sitio|web|navegador',
    subject: 'asunto',
  },
  pt: {
    objects: 'dígitos|número|algarismos|car[a]c?teres|código|sequência|combinação|números',
    targets:
      'campo|caixa|janela|aplicação|aplicativo|app|página|formulário|ecrã|tela|site|sítio|navegador|portal|quadro',
    subject: 'assunto',
  },
  ca: {
    objects: 'dígits|número|xifres|nombre|caràcters|codi|números',
    targets:
      'camp|casella|finestra|aplicació|app|pàgina|formulari|pantalla|lloc web|web|navegador|quadre|requadre|espai',
    subject: 'assumpte',
  },
  it: {
    objects: 'cifre|numer[oi]|caratteri|codice|combinazione|sequenza',
    targets:
      'campo|casella|finestra|app|applicazione|pagina|modulo|schermata|schermo|sito|browser|portale|riquadro|spazio',
    subject: 'oggetto',
  },
  ro: {
    objects: 'cifr|număr|numer|caracter|cod|combinați',
    targets:
      'câmp|camp|căsu|caset|ferest|fereastr|aplicați|aplicaţi|pagin|formular|ecran|site|browser|portal',
    subject: 'subiect',
  },
  nl: {
    objects: 'cijfers?|getal|nummer|tekens|code|combinatie|reeks',
    targets: String.raw`\p{L}{0,20}(?:veld|venster|pagina|scherm|formulier)|vak|vakje|app(?!\p{L})|applicatie|site|website|browser|portaal`,
    subject: 'onderwerp',
  },
  'af, fy': {
    objects: 'syfers?|getal|nommer|karakters|kode|sifers|nûmer|koade',
    targets: String.raw`\p{L}{0,15}(?:veld|venster|bladsy|skerm|vorm|finster|side)|blokkie|boksie|app(?!\p{L})|toep|webwerf|fjild|fak|formulier|blaaier`,
    subject: 'onderwerp|ûnderwerp',
  },
  sv: {
    objects: String.raw`siffr|tal(?:et)?(?!\p{L})|nummer|numret|tecken|kod|kombination`,
    targets: String.raw`\p{L}{0,20}(?:fältet?|rutan?|fönst(?:er|ret)|sidan?|skärmen?|formuläret?)|app(?:en)?(?!\p{L})|webbplats|webbläsar|portal`,
    subject: 'ämnes|ämnet',
  },
  'nb, nn, da': {
    objects: String.raw`siffer|siffr|sifr|cifr|tall?(?:et|let|a)?(?!\p{L})|nummer|nummeret|tegn|teikn|kode|kombina`,
    targets: String.raw`\p{L}{0,20}(?:felt|feltet|felta|vinduet?|vindue|vindauga|sidens?|sida|skjermen?|skjerm|skærmen?|skærm|boks|boksen|ruta|ruten)(?!\p{L})|app(?:en)?(?!\p{L})|skjema|formular|nettst|nettsi|hjemmeside|nettles|browser|portal|rubrik`,
    subject: 'emne',
  },
  fo: {
    objects: 'tøl|tal|talið|kota|kotu|koda|bókstav',
    targets: 'teig|rút|glugg|app|síð|oyðublað|skíggj|heimasíð',
    subject: 'evni',
  },
  is: {
    objects: 'tölustaf|tölu|talan|töluna|tala|númer|stafi|stafina|kóð',
    targets: 'reit|glugg|app|forrit|síð|eyðublað|skjá|vef|form|box',
    subject: 'efnislín|efni|viðfangsefn',
  },
  fi: {
    objects: 'numero|luku|luvu|merk|koodi|tunnu|yhdistelm|kirjai',
    targets: 'kent|ruutu|ruudu|ikkuna|sovellu|sivu|lomak|näyt|selai|verkkosiv|sivusto|laatikko',
    subject: 'aihe|otsiko|otsikko|viestin otsi',
  },
  et: {
    objects: 'numbr|number|arv|märg|märk|tähemär|kood|tunnus',
    targets: String.raw`väl[ij]|lahtri|akn|aken|rakendus|äp|lehe|leht|vorm|ekraan|veebi|brauser|kas(?:t|ti)(?!\p{L})`,
    subject: 'teemar|pealkir|teema',
  },
  lv: {
    objects: 'cipar|skait|numur|simbol|zīm|kod|rakstzīm',
    targets: 'lauk|log|lodzi|lietotn|lap|veidlap|ekrān|vietn|pārlūk|form|sadaļ',
    subject: 'temat|tēm|virsrakst',
  },
  lt: {
    objects: 'skaitmen|skaitmuo|skaiči|numer|simbol|ženkl|kod',
    targets: 'lauk|lang|programėl|program|puslap|form|ekran|svetain|naršykl',
    subject: String.raw`tem(?:oje|os|ą|a)(?!\p{L})|antrašt`,
  },
  pl: {
    objects: String.raw`cyf[re]|liczb|numer|znak|kod|hasł|ciąg|kombinacj|szyfr`,
    targets: String.raw`pol[aeu](?!\p{L})|okn|okien|aplikacj|stron|formularz|ekran|witryn|przeglądar|panel|portal|rubryk|pól`,
    subject: 'tema[tc]|tytu[lł]',
  },
  'cs, sk': {
    objects: 'číslic|čísl|čísel|znak|kód|kombinac|kombinác|cifr|cifer|hesl',
    targets:
      'pol[íeia]|políč|okn|okén|oken|aplikac|aplikác|stránk|stránc|formulář|formulár|obrazov|web|prohlížeč|prehliadač|portál|kolonk',
    subject: 'předmět|predmet',
  },
  hu: {
    objects: 'számjegy|szám(?:ot|ok|sor|a|ra)?(?!\\p{L})|számok|karakter|kód',
    targets: 'mező|ablak|alkalmazás|app|oldal|űrlap|képernyő|honlap|weboldal|böngésző|rubrik|felület',
    subject: 'tárgy',
  },
  sl: {
    objects: 'številk|števil|števk|znak|kod',
    targets: 'polj|okn|okenc|aplikacij|stran|obraz|zaslon|brskalnik|splet',
    subject: 'zadev',
  },
  'hr, bs, sr': {
    objects: 'brojk|broj|znamenk|cifr|znak|kod|k[oô]d|бројк|број|цифр|знак|код',
    targets:
      'polj|prozor|aplikacij|stranic|obra[zs]|ekran|zaslon|sajt|pregledn|kućic|пољ|прозор|апликациј|страниц|обра[зс]|екран|сајт',
    subject: 'predmet|naslov|temi|предмет|наслов',
  },
  mk: {
    objects: 'број|цифр|знац|код',
    targets: 'пол[еи]|прозор|апликациј|страни|образ|екран|сајт|кутиј',
    subject: 'наслов|предмет|темата',
  },
  bg: {
    objects: 'числ|цифр|номер|знац|символ|код|комбинац',
    targets: 'пол[ея]|прозор|приложени|страниц|формуляр|форма|екран|сайт|браузър|кутий',
    subject: 'тема|заглави|относно',
  },
  'ru, uk, be': {
    objects: 'числ|цифр|номер|знак|символ|код|комбинац|комбінац|камбінац|лічб|лік|нумар|чысл|пароль|знакі',
    targets:
      'пол[еяю]|окн|окош|приложени|страниц|форм|экран|сайт|браузер|портал|поля|вікн|віконц|застосун|додат|сторін|екран|старон|акн|акенц|праграм|дадат|браўзер|сайц|строк|рядок|рядк',
    subject: String.raw`тем(?:е|у|ы|а|і|и|ой|ою)(?!\p{L})|заголовк|загалоўк`,
  },
  'kk, ky, tt': {
    objects: 'сан|цифр|нөмір|номер|таңба|белги|код',
    targets:
      'өріс|терезе|қосымша|бет|форма|экран|сайт|браузер|талаа|колдонмо|тиркеме|барак|тәрәзә|кушымта|бит|ұяшық',
    subject: 'тақырып|тема',
  },
  tg: {
    objects: 'рақам|шумора|код|рамз|адад',
    targets: 'майдон|равзана|барнома|саҳифа|шакл|экран|сомона|замима|сайт',
    subject: 'мавзӯ|мавзу|сарлавҳа',
  },
  mn: {
    objects: 'тоо|цифр|дугаар|тэмдэгт|код',
    targets: 'талбар|цонх|апп|программ|хуудас|маягт|дэлгэц|сайт|нүд|апликейшн',
    subject: 'гарчиг|гарчгий|гарчигт|сэдэв',
  },
  el: {
    objects: 'ψηφί|αριθμ|νούμερ|χαρακτήρ|κωδικ|συνδυασμ',
    targets:
      'πεδί|πλαίσι|κουτ|παράθυρ|παραθύρ|εφαρμογ|σελίδ|φόρμ|οθόν|ιστοσελίδ|ιστότοπ|ιστοτόπ|site|φυλλομετρ',
    subject: 'θέμα|θέματ',
  },
  tr: {
    objects: 'rakam|sayı|numara|karakter|hane|kod|şifre',
    targets: 'alan|kutu|pencere|uygulama|sayfa|form|ekran|site|tarayıcı',
    subject: 'konu',
  },
  az: {
    objects: 'rəqəm|ədəd|nömrə|simvol|kod',
    targets: 'sahə|xana|pəncərə|tətbiq|səhifə|forma|ekran|sayt|brauzer|qutu',
    subject: 'mövzu|başlı[qğ]',
  },
  'uz, tk': {
    objects: String.raw`raqam|son(?:ni|lar|lari)?(?!\p{L})|belgi|kod|san(?!\p{L})|sanlar`,
    targets:
      'maydon|oyna|ilova|sahifa|shakl|ekran|sayt|brauzer|darcha|katak|meýdan|penjire|programma|sahypa|saýt',
    subject: 'mavzu|sarlavha|mowzuk|tema',
  },
  ku: {
    objects: 'hejmar|reqem|jimar|kod',
    targets: 'qad|pencere|sepan|rûpel|form|ekran|malper',
    subject: 'mijar',
  },
  sq: {
    objects: 'shifra|shifrat|numr|numër|karakter|kod',
    targets: 'fush|kuti|dritar|aplikacion|faqe|formular|ekran|sajt|shfletues|uebfaqe',
    subject: 'subjekt|titull|temë',
  },
  mt: {
    objects: 'numr|n-numr|ċifr|iċ-ċifr|karattr|kodiċi',
    targets: 'kaxxa|tieqa|app|applikazzjoni|paġna|formola|skrin|sit|l-app',
    subject: 'suġġett',
  },
  'ga, gd': {
    objects: 'digit|dhigit|uimh|huimh|n-uimh|figiúir|carachtair|g?c[hóò]+d|àireamh|àireamhan|figear',
    targets:
      'm?bosca|bhosca|réims|fuinneo|bhfuinneo|n?aip|feidhmchlár|leathana|foirm|bhfoirm|scáileá|suíomh|bogsa|bhogsa|raon|uinnea|aplacaid|duilleag|sgrìn|làrach',
    subject: 'ábha|hábha|cuspair|chuspair',
  },
  cy: {
    objects: 'rhif|rif|digid|ffigur|nod|cod|ch?od|god|gymeriad|cymeriad',
    targets: String.raw`blwch|flwch|maes|faes|ffenestr|ap(?!\p{L})|rhaglen|tudalen|dudalen|ffurflen|sgrin|g?wefan|borwr|porwr`,
    subject: 'pwnc|bwnc|testun|destun',
  },
  br: {
    objects: 'niver|sifr|kod|god',
    targets: "maez|prenestr|arload|pajenn|furmskrid|skramm|lec'hienn",
    subject: 'danvez|titl',
  },
  eu: {
    objects: 'zenbaki|digitu|karaktere|kode|zifra',
    targets: 'eremu|lauki|leiho|aplikazio|app|orri|inprimaki|formulario|pantaila|webgune|nabigatzaile',
    subject: String.raw`gai(?:an|a|aren)(?!\p{L})|gaiaren`,
  },
  eo: {
    objects: 'cifer|nombr|numer|sign|kod',
    targets: 'kamp|fenestr|aplik|paĝ|formular|ekran|retej|retpaĝ',
    subject: 'temo|temlini',
  },
  'id, ms, jv, su': {
    objects: 'angka|digit|nomor|nombor|karakter|aksara|kode|kod|nomer|huruf',
    targets:
      'kolom|kotak|medan|ruang|jendela|tetingkap|aplikasi|halaman|laman|formulir|borang|layar|skrin|situs|peramban|pelayar|kaca|lawang|isian|kothak|apl',
    subject: 'subjek|judul|perihal|tajuk',
  },
  'fil, ceb': {
    objects: 'numero|bilang|digit|karakter|code|kodigo|numerong|kowd',
    targets: 'kahon|field|window|bintana|app|pahina|form|screen|iskrin|website|site|panid',
    subject: 'subject|paksa|hilisgutan',
  },
  vi: {
    objects: String.raw`số(?!\p{L})|chữ số|con số|dãy số|ký tự|kí tự|mã(?!\p{L})`,
    targets: String.raw`ô(?!\p{L})|trường|cửa sổ|ứng dụng|trang|biểu mẫu|màn hình|trình duyệt|khung|mục(?!\p{L})`,
    subject: 'tiêu đề|chủ đề',
  },
  sw: {
    objects: 'nambari|namba|tarakimu|herufi|msimbo|kodi',
    targets: 'kisanduku|sehemu|dirisha|programu|ukurasa|fomu|skrini|tovuti|app|kivinjari|uga(?!\\p{L})',
    subject: 'kichwa|mada',
  },
  'zu, xh': {
    objects: String.raw`\p{L}{0,6}(?:nombolo|nani|manani|nhlamvu|khodi|khowudi|dijithi)`,
    targets: String.raw`\p{L}{0,4}-?app|\p{L}{0,4}(?:bhokisi|fasitela|khasi|fomu|skrini|webhusayithi|hlelo|phepha|setyenziso|kusetyenziso)\p{L}{0,5}`,
    subject: 'isihloko|esihlokweni|umxholo',
  },
  'st, tn, sn, rw': {
    objects: 'dinomoro|nomoro|khoutu|khouto|dipalo|nhamba|manhamba|kodhi|imibare|umubare|nimero|kode|kodi',
    targets:
      'lebokos|fensetere|app|leqephe|tsebe|foromo|skrin|setšhaba|bhokisi|peji|fomu|agasanduku|idirishya|porogaramu|urupapuro|ifishi|ekara',
    subject: 'sehlooho|setlhogo|musoro|umutwe',
  },
  'so, ha, yo, ig, mg, mi, ht': {
    objects:
      'lambar|tirad|nambar|koodh|kood|lamba|lambobi|haruf|nọ́mbà|nọmba|kóòdù|ọnụọgụ|koodu|isa|laharana|tarehimarika|kaody|tau|mati|waehere|chif|nimewo|kòd|karaktè',
    targets:
      'sanduuq|daaqad|app|barnaamij|bog|foom|shaashad|akwat|fili|taga|manhaj|shafi|fom|allo|àpótí|ojú|fọ́ọ̀mù|igbe|mpio|ngwa|peeji|fọm|ihuenyo|efitrano|saha|varavarankely|rindranasa|fampiharana|pejy|efijery|pouaka|āpure|matapihi|taupānga|whārangi|puka|bwat|kazye|fenèt|aplikasyon|paj|fòm|ekran|sit',
    subject: 'mawduuc|cinwaan|taken|jigo|maudu|àkòrí|isiokwu|lohateny|kaupapa|marau|sijè|objè',
  },
};

/**
 * Nouns of languages that are not written in the Latin, Cyrillic or Greek script. They are matched at any
 * position, because prefixes may precede them.
 */
export const NOUNS_UNSPACED: Readonly<Record<string, InstructionNouns>> = {
  ar: {
    objects: '[أا]رقام|رقم|رمز|رموز|كود|حروف|أحرف|خانات|أعداد|العدد',
    targets: 'حقل|خانة|الخانة|مربع|نافذة|تطبيق|صفحة|نموذج|شاشة|موقع|متصفح|بوابة|استمارة',
    subject: 'عنوان (?:هذه |هذا )?(?:الرسالة|البريد|الإيميل)|موضوع|سطر العنوان',
  },
  'fa, ckb': {
    objects: 'رقم|ارقام|عدد|شماره|نویسه|کاراکتر|کد|رمز|ژمار|کۆد|ڕەنووس',
    targets:
      'کادر|فیلد|پنجره|برنامه|اپلیکیشن|صفحه|صفحهٔ|فرم|سایت|مرورگر|پەنجەر|ئەپ|پەڕ|فۆڕم|شاش|بەرنامە|خانە|جعبه',
    subject: 'موضوع|عنوان|بابەت|ناونیشان',
  },
  ps: {
    objects: 'شم[ېی]ر|عدد|ارقام|کوډ|نمبر',
    targets: 'ساح|بکس|کړکۍ|اپ|پاڼ|فورم|سکرین|صفح|خان',
    subject: 'موضوع|سرلیک|عنوان',
  },
  'ur, sd': {
    objects: 'ہندس|نمبر|عدد|حروف|کوڈ|انگ|ڪوڊ',
    targets: 'خانے|باکس|ونڈو|ایپ|صفح|فارم|اسکرین|سکرین|ویب|دٻي|ونڊو|ايپ|اسڪرين',
    subject: 'موضوع|عنوان',
  },
  ug: {
    objects: 'رەقەم|سان|نومۇر|كود',
    targets: 'رامك|كۆزنەك|ئەپ|بەت|جەدۋەل|ئېكران|دېتال',
    subject: 'تېما|ماۋزۇ',
  },
  'he, yi': {
    objects: 'ספרות|מספר|תווים|קוד|אותיות|ציפער|נומער|קאָד|קאד',
    targets: 'שדה|תיבה|תיבת|חלון|אפליקצי|יישום|דף|עמוד|טופס|מסך|אתר|דפדפן|פעלד|פענצטער|אַפּ|זייט|עקראַן',
    subject: 'נושא|כותרת|טעמע',
  },
  'hi, mr, ne': {
    objects: 'अंक|अङ्क|आकड|संख्या|नंबर|नम्बर|क्रमांक|अक्षर|कोड|सङ्ख्या',
    targets:
      'फ़ील्ड|फील्ड|बॉक्स|खाने|विंडो|ऐप|एप|पेज|पृष्ठ|फ़ॉर्म|फॉर्म|स्क्रीन|साइट|ब्राउज़र|चौकट|रकान|अ‍ॅप|अॅप|ॲप|पान|अर्ज|संकेतस्थळ|बाकस|कोठा|फिल्ड|विन्डो|फारम|फाराम|स्क्रिन',
    subject: 'विषय|शीर्षक',
  },
  'bn, as': {
    objects: "সংখ্যা|অঙ্ক|অংক|নম্বর|নম্বৰ|অক্ষর|কোড|ক[’ʼ']?ড",
    targets: 'ঘর|ঘৰ|বক্স|ফিল্ড|উইন্ডো|অ্যাপ|এপ|পাতা|পৃষ্ঠা|ফর্ম|ফৰ্ম|স্ক্রিন|পর্দা|স্ক্ৰীন|সাইট|ছাইট',
    subject: 'বিষয়|শিরোনাম|বিষয়',
  },
  pa: {
    objects: 'ਅੰਕ|ਨੰਬਰ|ਸੰਖਿਆ|ਅੱਖਰ|ਕੋਡ',
    targets: 'ਖਾਨੇ|ਡੱਬੇ|ਬਾਕਸ|ਵਿੰਡੋ|ਐਪ|ਪੰਨੇ|ਪੇਜ|ਫਾਰਮ|ਫ਼ਾਰਮ|ਸਕ੍ਰੀਨ|ਸਾਈਟ|ਖੇਤਰ',
    subject: 'ਵਿਸ਼ੇ|ਵਿਸ਼ਾ|ਸਿਰਲੇਖ',
  },
  gu: {
    objects: 'અંક|આંકડ|સંખ્યા|નંબર|અક્ષર|કોડ',
    targets: 'ખાના|બોક્સ|બૉક્સ|ફીલ્ડ|વિન્ડો|ઍપ|એપ|પેજ|પાના|પૃષ્ઠ|ફોર્મ|સ્ક્રીન|સાઇટ',
    subject: 'વિષય|શીર્ષક',
  },
  or: {
    objects: 'ସଂଖ୍ୟା|ଅଙ୍କ|ନମ୍ବର|କୋଡ',
    targets: 'ବାକ୍ସ|ବକ୍ସ|ଆପ|ପୃଷ୍ଠା|ପେଜ|ଫର୍ମ|ସ୍କ୍ରିନ|ୱିଣ୍ଡୋ|ୱେବସାଇଟ',
    subject: 'ବିଷୟ|ଶୀର୍ଷକ',
  },
  ta: {
    objects: 'இலக்க|எண்|எழுத்து|குறியீ',
    targets: 'புலத்|புலம்|பெட்டி|கட்ட|சாளர|செயலி|ஆப்|பக்க|படிவ|திரை|தளத்',
    subject: 'தலைப்பு|பொருள்',
  },
  te: {
    objects: 'అంకె|సంఖ్య|నంబర్|అక్షర|కోడ్',
    targets: 'పెట్టె|ఫీల్డ్|బాక్స్|విండో|యాప్|పేజీ|ఫారం|ఫారమ్|స్క్రీన్|తెర|సైట్|గడి',
    subject: 'విషయ|శీర్షిక|సబ్జెక్ట్',
  },
  kn: {
    objects: 'ಅಂಕಿ|ಅಂಕೆ|ಸಂಖ್ಯೆ|ಅಕ್ಷರ|ಕೋಡ್',
    targets: 'ಪೆಟ್ಟಿಗೆ|ಬಾಕ್ಸ್|ಕ್ಷೇತ್ರ|ವಿಂಡೋ|ಕಿಟಕಿ|ಆ್ಯಪ್|ಆಪ್|ಅಪ್ಲಿಕೇಶನ್|ಪುಟ|ಫಾರ್ಮ್|ನಮೂನೆ|ಪರದೆ|ಸ್ಕ್ರೀನ್|ತಾಣ',
    subject: 'ವಿಷಯ|ಶೀರ್ಷಿಕೆ',
  },
  ml: {
    objects: 'അക്ക|സംഖ്യ|നമ്പർ|നമ്പറ|അക്ഷര|കോഡ',
    targets: 'കള്ളി|ബോക്സ|ഫീൽഡ|വിൻഡോ|ജാലക|ആപ്പ|പേജ|താള|ഫോമ|സ്ക്രീ|സൈറ്റ|കോള',
    subject: 'വിഷയ|തലക്കെട്ട|സബ്ജക്',
  },
  si: {
    objects: 'ඉලක්කම්|අංක|අකුරු|කේත',
    targets: 'කොටුව|ක්ෂේත්|කවුළු|ඇප්|යෙදුම|පිටු|පෝරම|තිර|අඩවි',
    subject: 'මාතෘකා|විෂය',
  },
  th: {
    objects: 'ตัวเลข|หมายเลข|เลข|อักขระ|ตัวอักษร|รหัส|โค้ด',
    targets: 'ช่อง|กล่อง|หน้าต่าง|แอป|แอพ|หน้า|แบบฟอร์ม|ฟอร์ม|จอ|เว็บ|เบราว์เซอร์',
    subject: 'หัวเรื่อง|หัวข้อ|ชื่อเรื่อง',
  },
  lo: {
    objects: 'ຕົວເລກ|ເລກ|ໝາຍເລກ|ຕົວອັກສອນ|ລະຫັດ',
    targets: 'ຊ່ອງ|ກ່ອງ|ໜ້າຕ່າງ|ແອັບ|ແອບ|ແອັປ|ໜ້າ|ແບບຟອມ|ຟອມ|ຈໍ|ເວັບ',
    subject: 'ຫົວຂໍ້|ຫົວເລື່ອງ',
  },
  km: {
    objects: 'លេខ|តួអក្សរ|កូដ',
    targets: 'ប្រអប់|វាល|បង្អួច|កម្មវិធី|ទំព័រ|ទម្រង់|អេក្រង់',
    subject: 'ប្រធានបទ|ចំណងជើង',
  },
  my: {
    objects: 'ဂဏန်း|နံပါတ်|ကုဒ်|စာလုံး',
    targets: 'အကွက်|ဘောက်|ဝင်းဒိုး|အက်ပ်|စာမျက်နှာ|ဖောင်|မျက်နှာပြင်|ဖန်သားပြင်|ဝက်ဘ်|နေရာ',
    subject: 'ခေါင်းစဉ်|အကြောင်းအရာ',
  },
  ja: {
    objects: '数字|番号|文字|桁|コード|英数字|数値',
    targets: '欄|フォーム|ボックス|ウィンドウ|アプリ|ページ|画面|サイト|ブラウザ|フィールド',
    subject: '件名|題名|タイトル',
  },
  ko: {
    objects: '숫자|번호|문자|자리|코드',
    targets: '칸|입력란|필드|상자|창|앱|페이지|양식|화면|사이트|브라우저|홈페이지',
    subject: '제목',
  },
  zh: {
    objects: '数字|數字|号码|號碼|数码|數碼|字符|字元|字母|代码|代碼|密码|密碼|[码碼]',
    targets:
      '栏|欄|框|窗口|視窗|窗|应用|應用|程式|程序|客户端|客戶端|页|頁|表单|表單|表格|屏幕|螢幕|网站|網站|界面|介面|app|空格|方格',
    subject: '主题|主旨|标题|標題|主題',
  },
  ka: {
    objects: 'ციფრ|რიცხვ|ნომ|სიმბოლო|კოდ',
    targets: 'ველ|ფანჯარ|აპლიკაცი|აპში|აპის|გვერდ|ფორმა|ეკრან|საიტ|უჯრ',
    subject: 'სათაურ|თემა',
  },
  hy: {
    objects: 'թվանշ|թիվ|թվ|համար|նիշ|կոդ',
    targets: 'դաշտ|պատուհան|հավելված|էջ|ձև|էկրան|կայք|վանդակ',
    subject: 'թեմա|վերնագ',
  },
  'am, ti': {
    objects: 'ቁጥር|አሃዝ|ፊደል|ፊደላት|ኮድ|ቁጽሪ',
    targets: 'ሳጥን|መስክ|መስኮት|መተግበሪያ|ገጽ|ገፅ|ገጹ|ገፁ|ቅጽ|ቅፅ|ማያ|ስክሪን|ድረ',
    subject: 'ርዕስ|ርእስ|ኣርእስቲ',
  },
};

/** Stems of nouns for devices, of languages in the Latin, Cyrillic and Greek scripts. */
export const DEVICES_SPACED = [
  String.raw`device|computer|laptop|notebook|desktop|tablet|tv(?!\p{L})|television|console|keypad|phone|smartphone|tablet|pc(?!\p{L})|mac(?!\p{L})|iphone|ipad|watch(?!\p{L})|konsol|terminal`,
  String.raw`gerät|rechner|fernseher|handy|apparaat|toestel|televisie|telefoon|enhet|dator|apparat|mobil|fjernsyn|datamaskin|tæki|tölv|sjónvarp|síma`,
  String.raw`appareil|ordinateur|télé|tablette|téléphone|dispositivo|ordenador|computador|equipo|televisor|aparelho|telemóvel|celular|aparato|pantalla|tele(?!\p{L})|aparell|ordinador|dispositiu|calculator|televizor|aparat|telefon`,
  'laite|laitt|tietoko|televisio|puheli|tabletti|seade|seadme|arvuti|teler|telefoni|ierīc|dator|televizor|tālru|įrengin|kompiuter|telefon',
  'urządze|komputer|telewizor|laptop|zaříz|počítač|televiz|zariaden|telefon|készülék|eszköz|számítógép|tévé|gép(?!\\p{L})|naprav|uređaj|računal|računar|televizij|prenosnik',
  'пристр|комп|телевізор|ноутбук|устройств|компьютер|телевизор|телефон|прылад|камп|тэлевізар|тэлефон|устройств|уред|таблет|лаптоп|рачунар|телевизор|құрылғы|түзмөк|дастгоҳ|төхөөрөмж|җайланма',
  'συσκευ|υπολογιστ|τηλεόρασ|κινητ|tablet|cihaz|bilgisayar|televizyon|qurğu|qurilma|enjam|amûr',
  'thiết bị|máy tính|tivi|điện thoại|perangkat|peranti|komputer|televisi|televisyen|ponsel|piranti|alat|kifaa|kompyuta|simu|runinga|dyfais|ddyfais|cyfrifiadur|gléas|ghléas|ríomhaire|gailu|ordenagailu|telebista|tagħmir|apparat|pajisj|kompjuter|toestel|rekenaar|aparato|komputilo|ithuluzi|idivayisi',
].join('|');

/** Nouns for devices in languages that are not written in the Latin, Cyrillic or Greek script. */
export const DEVICES_UNSPACED = [
  'جهاز|حاسوب|كمبيوتر|تلفاز|تلفزيون|هاتف|دستگاه|رایانه|کامپیوتر|تلویزیون|تلفن|گوشی|ڈیوائس|آلے|کمپیوٹر|ٹی وی|فون|آله|ئامێر|כשיר|מחשב|טלוויזי|טלפון|נייד|מיטל',
  'डिवाइस|उपकरण|कंप्यूटर|कम्प्युटर|टीवी|टेलीविज़न|फ़ोन|फोन|यन्त्र|संगणक|ডিভাইস|যন্ত্র|কম্পিউটার|টিভি|ফোন|ਡਿਵਾਈਸ|ਕੰਪਿਊਟਰ|ડિવાઇસ|ઉપકરણ|કમ્પ્યુટર|சாதன|கணினி|தொலைக்காட்சி|పరికర|కంప్యూటర్|టీవీ|ಸಾಧನ|ಕಂಪ್ಯೂಟರ್|ഉപകരണ|കമ്പ്യൂട്ടർ|උපාංග|පරිගණක',
  'อุปกรณ์|คอมพิวเตอร์|เครื่อง|ทีวี|โทรทัศน์|โทรศัพท์|มือถือ|ອຸປະກອນ|ຄອມພິວເຕີ|ເຄື່ອງ|ឧបករណ៍|កុំព្យូទ័រ|ទូរទស្សន៍|စက်|ကိရိယာ|ကွန်ပျူတာ',
  '设备|設備|裝置|装置|电脑|電腦|电视|電視|手机|手機|平板|终端|機器|端末|パソコン|テレビ|デバイス|スマホ|スマートフォン|タブレット|기기|장치|컴퓨터|노트북|휴대폰|휴대전화|단말',
  'მოწყობილობ|კომპიუტერ|ტელევიზორ|համակարգիչ|հեռուստացույց|սարք|መሣሪያ|መሳሪያ|ኮምፒውተር|ቴሌቪዥን',
].join('|');

/**
 * Stems of verbs such as `ask` (`the number that the app will ask for`), of languages in the Latin, Cyrillic and
 * Greek scripts.
 */
export const ASKS_SPACED = [
  'ask|want|request|wait|prompt|expect|demand',
  'frag|frägt|verlang|forder|erwart|freet|verlaangt|vraag|vraagt|verwacht|vra(?!\\p{L})|verwag|freget',
  'demand|deman|attend|réclam|ped[ií]|pid[ae]|pid(?:e|a|an|en)|solicit|esper|peç|pede|chied|richied|aspett|cere|cer(?:ut|ă)|aștept',
  'fråg|begär|vänta|spør|spør|bed(?:er|t)|ber(?!\\p{L})|krev|kræv|biður|spyr',
  'kysy|pyytä|odotta|küsi|palu|oota|pras|jautā|gaid|lūdz|praš|papraš|klaus',
  'pros|popros|pyta|zapyta|żąda|oczek|ptá|pta|zeptá|požad|vyžad|opýta|vypýta|pýta|kér|vár|zahtev|vpraš|pričak|traž|pita|oček|zahtij|kërko|pyes',
  'иска|поиска|пита|очаква|побара|бара|праша|прос|попрос|спрос|запрос|ожида|треб|запит|очіку|вимаг|папрос|запыт|чака|траж|очек|сұра|күт|сура|асуу|хүс|шаард|пурс|талаб',
  'ζητ|περιμέν|iste|sor(?:ar|acak|ul|mak)|bekle|soruş|istə|tələb|so.?ra|kut|hỏi|yêu cầu|minta|diminta|meminta|tanya|hihing|hinihing|tinatanong|mangayo',
  'omba|itaomba|uliza|eskatu|gofyn|iarr|fiafra|titol|titlob|jitlob|iarraidh|cela|buza|weydii|tambaya|béèrè|jụọ|angataha|mande',
].join('|');

/** Stems of verbs such as `ask` in languages that are not written in the Latin, Cyrillic or Greek script. */
export const ASKS_UNSPACED =
  'يطلب|تطلب|ينتظر|يسأل|می.?خواهد|بخواهد|می.?پرسد|منتظر|غواړي|پوښت|תבקש|יבקש|מבקש|ממתינ|תדרוש|שואל|مانگ|پوچھ|طلب کر|माँग|मांग|पूछ|विचार|माग|सोध|চাই|জিজ্ঞ|ਮੰਗ|ਪੁੱਛ|માંગ|પૂછ|ମାଗ|கேட்க|కోరు|అడుగ|అడిగ|ಕೇಳು|ಕೇಳುವ|ചോദിക്ക|ආයාචන|ඉල්ල|ถาม|ต้องการ|ຖາມ|ຕ້ອງການ|សួរ|ស្នើ|တောင်း|မေး|求め|尋ね|要求|お願い|요청|요구|물어|묻|询问|詢問|索取|მოითხოვ|მოგთხოვ|ელოდ|ითხოვ|խնդր|պահանջ|հարցն|սպաս|ይጠይቅ|የሚጠይቅ|ይፈልጋ';

/** Words such as `is` and `this`, of all languages, that may continue a sentence directly after a number. */
export const LINKS = String.raw`is|are|this|that|these|those|here|dies(?:e|es)?|das|dit|dat|deze|dis|ce(?:s|ci)?|voici|est[eoa]s?|quest[oaie]|acest\p{L}*|aquest\p{L}*|det(?:te|ta)?|desse|disse|to(?:to|hle)?|tyto|tieto|те|това|тази|эт[аои]|ц[еія]|гэт[аоы]|ово?|овој|bu(?:nu)?|shu|ushbu|бұл|осы|бул|энэ|ин|iyong|ini|ieu|iki|hii|hizi|đây|αυτ\p{L}+|ša?is|šie|tas|tai|šis|tämä|nämä|need|ez(?:t|ek)?|hau|hauek|þetta|þessi|hetta|hesi|kjo|ky|dan|dawn|seo|dyma\p{L}*|ĉi|sa|hierdie|ist|sind|c['’]est|est|sont|es|son|é|è|sono|são|this|that|je|jsou|sú|to|jest|är|er|on|see on|ir|yra|este|е|є|это|це|гэта|είναι|là|adalah|ialah|dan|da|dir|da zenbakia|ni|ito|ang|yw|is é|är`;
