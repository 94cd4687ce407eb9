/**
 * Words in the label of a number that has a noun such as `code`: words without a meaning of their own, and stems that
 * name a one-time code. `qualifier.ts` has the rules that use these words. Every other word beside the noun names a
 * code with another purpose.
 */

/**
 * Words beside a noun such as `code` that do not say which code it is, by language: possessives, articles,
 * demonstratives, prepositions, verbs such as `is`, and adjectives such as `new` and `following`.
 */
const FUNCTION_WORDS: Readonly<Record<string, string>> = {
  en: 'you we your the this that these a an my our their its each one no new another next latest current following above below first second last same own and or with by of for to from is are was will here as via using',
  de: 'der die das den dem des dein deine deinen deinem deiner ihr ihre ihren ihrem ihrer euer eure euren mein unser dieser diese diesen diesem dieses ein eine einen einem einer neuer neue neuen neues folgender folgende folgenden obiger obige obigen mit per als zum zur für und oder ist lautet hier im aus von nur kein keinen',
  fr: "le la les l' un une ce cet cette votre ton tes vos mon notre du de des au aux par avec sans et ou nouveau nouvel dernier suivant ci-dessous ci-dessus est sera voici pour à en sur unique",
  'es, gl':
    'el la los las un una o a os as unha tu tus su sus teu túa seu súa este esta ese esa estes con sin sen por para en de del do da y e ou nuevo novo siguiente seguinte es é será último aquí único',
  pt: 'o a os as um uma teu tua seu sua este esta esse essa com sem por para pelo no na de do da e ou novo nova seguinte é será último aqui único',
  ca: "el la els les l' un una el teu seu vostre teva aquest aquesta amb sense per de del i o nou següent és serà aquí únic",
  it: 'il lo la i gli le un uno una tuo tua suo sua vostro questo questa con senza per di del della nel e o nuovo seguente è sarà ecco ultimo unico',
  ro: 'un o acest acesta al a ale tău dvs dumneavoastră cu fără prin pentru de și sau nou nouă următorul este e va unic aici',
  nl: 'de het een je jouw uw deze dit die met zonder via per voor van en of nieuwe volgende onderstaande is luidt hier',
  'sv, nb, nn, da':
    'din ditt dina dit di deres den det denna denne dette detta en ett et ei ny nya nye nytt nyt följande følgende under med utan uden uten via för for til till och og eller er är lyder blir her här der som nedenstående ovenstående',
  'is, fo': 'þinn þitt þín þessi þetta með án fyrir og eða er nýr nýja tín hendan við og ella',
  fi: 'sinun tämä tässä tämän se uusi uuden seuraava seuraavan alla on ja tai ohessa',
  et: 'sinu teie su see selle uus uue järgmine järgmise allolev on ja või siin',
  lv: 'jūsu tavs šis šo šī ar bez jauns jauno un vai ir ši',
  lt: 'jūsų tavo šis šį šitas su be naujas naują ir ar yra štai',
  pl: 'twój twoja twojego pani pana państwa ten to tego tym z ze bez w na do dla i lub nowy nowego następujący poniższy jest brzmi oto',
  'cs, sk':
    'váš vaše vášho vašeho tvůj tvoj tento toto tohoto s bez v na do pro pre i a nebo alebo nový nového následující nasledujúci je zní znie níže nižšie uvedený',
  hu: 'a az egy ez ezt ön öné az ön te új következő alábbi és vagy itt kapott',
  'sl, hr, sr':
    'vaš vaša vaše vašega vašeg tvoj tvoja tvojega tvog ta to tega ovaj ovog ove je se glasi s z sa bez brez i in ali ili nov nova novi naslednji sljedeći sledeći ваш ваша твој твоја овај овог је гласи са без и или нови следећи за za',
  'bg, mk':
    'вашият вашия ваш твоят твоя твојот вашиот този тази това овој е със с без и или нов новия следния следният за',
  'ru, uk, be':
    'ваш ваша ваше твой твоя этот этого это вот с без в на и или новый нового следующий следующего для твій цей цього це ось з із зі без та або новий наступний є твой гэты гэтага гэта вось і або новы для ваши',
  el: 'ο η το τον την του της σας σου αυτός αυτόν αυτό με χωρίς για και ή νέος νέο ακόλουθος παρακάτω είναι ένας ένα',
  'tr, az, uz':
    'bir bu şu siz sizin senin yeni aşağıdaki ve veya ya için ile olan üçün aşağıdakı və dir sizning ushbu yangi bilan uchun va',
  'kk, ky, mn': 'сіздің бұл жаңа үшін және сиздин бул жаңы үчүн жана таны энэ шинэ бол',
  'sq, mt, eu': 'juaj yt ky kjo ynë i e të së me pa dhe ose ri është për tiegħek dan il- zure hau honako da',
  'cy, ga, gd, br': 'eich dy y yr hwn newydd yw do an seo nua is é ur',
  hy: 'ձեր այս նոր է',
  'id, ms': 'anda kamu ini itu baru berikut dengan tanpa dan atau untuk adalah ialah kode kod',
  vi: 'của bạn quý anh chị này là mới và hoặc với cho',
  'sw, zu, so, ha, yo, ig, rw':
    'yako hii huu ni na la ya wa mpya yakho le ngu kaaga waa ka naka nan ne yín ni gị yawe',
  'af, fil, ht, mg':
    'jou u hierdie die is met of en nuwe iyong ang ng sa ito ay mo ito ou a se nouvo anao ny dia',
  ar: 'هذا هذه هو هي من في على إلى عبر الخاص بك بكم لك التالي الجديد لديك أدناه مع بدون و أو ال',
  'fa, ps, ur':
    'این شما شماست است تو خود با بدون را به از در برای زیر جدید و یا ستاسو دا آپ کا کی کے یہ ہے اپنا نیا میں سے',
  he: 'ה את זה זאת הוא היא שלך שלכם עם בלי הבא החדש או ל',
  'hi, mr, ne':
    'आपका आपके आपकी आप अपना यह इस ये का के की को है एक नया नीचे दिया गया तुमचा तुमचे हा आहे तपाईंको यो हो कृपया',
  relative:
    'that which som der die das den qui que che care který která které ktorý ktoré który które koji koje која који који което който которы который которое який яке який що што που mely ami amit joka jonka mis kas kuris kurį kuru kas yang çfarë që',
  sharing:
    'сообщайте говорите передавайте называйте повідомляйте кажіть паведамляйте казвайте съобщавайте share tell weiter teilen sdělujte neprozrazujte przekazuj podawaj podaj dijelite delite διαβιβάζετε paylaşmayın',
  showing:
    'show present zeige zeigen présentez montrez muestre muestra mostre mostra mostri presenti toon upp op opp frem fram näytä näita esita uzrādiet parādiet parodykite pokaż okaż ukažte předložte ukážte mutassa pokažite покажите назовите покажіть назвіть folositi folosiți prezentați arătați',
  'jv, su, ceb, eo': 'sampeyan panjenengan anjeun imong via viaj estas hjá tær niin',
  bn: 'আপনার এই এটি একটি নতুন নিচের হলো হল তোমার',
};

/** Words such as `of` and `for` between a noun such as `code` and the noun that qualifies it. */
export const BETWEEN_NOUNS = new Set(
  'of for der til till för i të së e za для ya wa ng na του της'.split(' '),
);

/** The words of `FUNCTION_WORDS` of all languages. */
export const FUNCTION = new Set(Object.values(FUNCTION_WORDS).flatMap((words) => words.split(' ')));

/**
 * Stems of words that name a one-time code beside a noun such as `code`, by language: words for a confirmation,
 * security, an activation, a payment, a pickup, and the number of digits. `purpose-words.ts` has the words for a proof
 * of identity, which name a one-time code too.
 */
const PROOF_STEMS: Readonly<Record<string, string>> = {
  en: 'confirm|secur|safety|access|activat|registr|backup|recover|reset|pairing|device|pick-?up|collection|unlock|temporar|secret|validat|approv|payment|transaction|transfer|release|digit|character|numeric|link|sms|e-?mail|app(?!\\p{L})|pin(?!\\p{L})|enrol|parental|sender|otac',
  de: 'bestätig|sicher|zugang|zugriff|aktivier|freischalt|registrier|prüf|abhol|entsperr|wiederherstell|genehmig|geheim|temporär|gültig|stellig',
  'fr, es, gl, pt, ca, it, ro':
    'confirm|conferm|vérif|v[eé]rif|sécur|segur|sicur|securit|acc[eèé]|activ|attiv|ativ|valid|autor|usage|uso|us(?!\\p{L})|temp|dinám|dynam|secret|segret|récup|recup|récep|restabl|réinit|reinit|retir|retrait|retirada|recog|recoll|ritir|ridic|desbloq|débloc|déverr|sblocc|debloc|registr|inscri|sess|entra|ingress|pag|paiement|plat|transfer|transa|opera|chiff|cifr|d[ií]git|num[eé]r|caract|caratt|sms|apert|abert|ouvert|apar|emparej|vincul|resta|sous|único|unic|única|ces',
  'nl, af':
    'bevestig|beveilig|toegang|activ|controle|herstel|afhaal|ophaal|veilig|geheim|ontgrendel|koppel|registr|tijdelijk|cijfer|sekuriteit|bevestiging',
  'sv, nb, nn, da, is, fo':
    'bekräft|bekreft|bekræft|stadfest|säkerhet|sikkerhe|åtkomst|tilgang|adgang|aktiv|hämt|hent|återställ|nulstil|godkän|godkj|godke|hemlig|tillfäll|midlertid|siffr|cifr|staðfest|váttan|öryggi|trygd|virkj|afhend|midla',
  'fi, et':
    'vahvist|turva|aktivo|nouto|palaut|kerta|väliaikai|kinnit|aktivee|lunast|taasta|väljasta|ajuti|numbri',
  'lv, lt':
    'apstiprin|drošīb|aktivi|aktyv|patvirtin|saug|atkop|atkūr|laikin|pagaid|saņemš|atsiėm|ciparu|skaitmen',
  'pl, cs, sk':
    'potwierdz|zabezpiecz|bezpiecz|aktyw|odbi[oó]r|dostęp|tymczas|cyfr|potvrz|potvrd|bezpečn|aktiv|vyzved|výdej|vyzdvih|přístup|prístup|dočas|obnov|míst|miest|rejestr|registr|autoryz|autoriz|odblok|płatnoś|przelew|platebn|platob',
  'sl, hr, bs, sr, bg, mk':
    'potvr|potrd|potrj|aktiv|sigurn|varn|bezb|pristup|dostop|privrem|začasn|preuz|prevz|obnov|znam|cifr|потвр|актив|сигурн|безб|привр|преуз|времен|достъп|цифр|защит|получав|одобр|odobr|autoriz|авториз|otključ|odklep|откл',
  'ru, uk, be':
    'подтв|проверо|провірк|перевір|підтв|откры|відкри|адкры|пацв|актив|безоп|безпек|бяспек|защит|захист|доступ|времен|тимчас|получ|отриман|атрыман|выдач|видач|значн|цифр|восст|відновл|секрет|таємн|смс|регистр|реєстр',
  el: 'επιβεβ|επαλήθ|ασφαλ|ενεργοπ|πρόσβ|παραλαβ|επαναφορ|προσωριν|σύνδεσ|εισόδ|μίας|ψηφι|ψήφι|εξαψ',
  hu: 'megerős|hiteles|ellenőrz|biztons|aktivál|átvétel|jóváhagy|feloldó|ideigl|visszaáll|jegyű|számjegy|hozzáfér',
  'tr, az, uz, tk':
    'doğrula|alma(?!\\p{L})|onay|açma|güvenlik|aktivasyon|etkinleştir|teslim|giriş|sıfırla|geçici|erişim|haneli|təsdiq|tesdiq|təhlükəsiz|aktivləş|müvəqqəti|tasdiq|xavfsiz|faollash|kirish|tassyk',
  'kk, ky, tt, tg, mn': 'растау|алу(?!\\p{L})|қауіпсіз|белсендір|коопсуз|ырастоо|раслау|тасдиқ|баталгаа',
  'sq, eu, mt, ga, cy, gd':
    'konfirm|verifik|siguri|aktiviz|hyrje|tërheq|berresp|egiazt|segurt|aktib|jaso|konferma|sigurt|attivaz|dearbh|deimhn|slándála|cadarn|gwirio|dilys|diogel',
  'id, ms, jv, fil, vi':
    'verifik|konfirm|keaman|keselamat|pengesah|pengaktif|aktivasi|akses|ambil|tuntut|sementara|sekali|masuk|kumpir|seguridad|beripik|xác (?:minh|nhận|thực)|kích hoạt|bảo mật|nhận hàng|truy cập|đăng nhập|khôi phục|gồm|sau(?!\\p{L})',
  'sw, zu, xh, so, ha, yo, ig':
    'uthibitish|usalama|kuingia|qiniseki|ukuqinisek|xaqiiji|tabbatar|ìmúdájú|nkwenye',
};

/** The stems of `PROOF_STEMS` of all languages, as alternatives of a regular expression. */
export const PROOF_SPACED = Object.values(PROOF_STEMS).join('|');

/**
 * Stems with the same meaning as `PROOF_STEMS`, in languages of all other scripts, in which words may have prefixes.
 */
export const PROOF_UNSPACED = [
  'تحقق|تأكيد|تاكيد|تفعيل|دخول|أمان|امان|سري|مؤقت|استلام|مرور|استعادة|إعادة|مصادقة|وصول|تسجيل|فتح|لمرة|أرقام|مكون|المرسل',
  'تأیید|تایید|تائید|فعال|ورود|امنیت|موقت|تحویل|عبور|یک.?بار|دسترسی|بازیابی|رقمی|پویا|دوم|تصدیق|سیکیورٹی|لاگ|تأييد',
  'אימות|אישור|אבטח|כניס|זמני|הפעל|איפוס|גישה|איסוף|חד.?פעמי|פתיח|ספרות|התחברות|הזדהות|שחזור|הרשמה',
  'सत्याप|एक्टिव|वेरिफ|सिक्योर|कन्फर्म|पुष्टि|सुरक्षा|लॉगिन|लॉग|सक्रिय|एक बार|अंक|पिकअप|रीसेट|पडताळ|प्रमाणी|प्रवेश|ओटीपी|वेरिफ',
  'যাচাই|নিশ্চিত|নিরাপত্তা|লগইন|সক্রিয|একবার|অঙ্ক|সংখ্যার|প্রবেশ|পিকআপ|ভেরিফ|ওটিপি|রিসেট',
].join('|');

/** The words of a language that joins a noun for a code and the noun that qualifies it without a blank. */
export interface JoinedNouns {
  /** The noun for a code of any kind. */
  readonly noun: string;
  /**
   * Matches the word that qualifies the noun, in the text directly before the noun (`before`) or directly after it
   * (`after`).
   */
  readonly before?: RegExp;
  readonly after?: RegExp;
  /** Stems of qualifiers that name a one-time code or have no meaning of their own. */
  readonly known: string;
}

/** The nouns for a code in Japanese, Korean and Thai, with their qualifiers. */
export const JOINED: readonly JoinedNouns[] = [
  {
    noun: 'コード',
    before: /[\p{Script=Han}\p{Script=Katakana}ー]{1,12}$/u,
    known:
      '認証|確認|検証|承認|解除|照合|許可|受取|引換|サイン|ログ|セキュリティ|登録|ペアリング|アクティ|有効|ワンタイム|パス|桁|本人|復旧|回復|リセット|再設定|バックアップ|リカバリ|ロック|開錠|解錠|暗証|一時|使い捨て|メール|アクセス|接続|連携|デバイス|端末|ショート|開封|取引|送金|決済|下記|以下|上記|次|新|専用|当',
  },
  {
    noun: '코드',
    before: /[\p{Script=Hangul}]{1,8}\s?$/u,
    known:
      '인증|확인|보안|로그인|승인|검증|일회|임시|복구|재설정|백업|수령|픽업|잠금|해제|등록|연결|페어링|접속|액세스|활성|숫자|자리|본인|문자|메일|앱|비밀|결제|이체|아래|다음|(?<!\\p{L})(?:이|새|위)(?!\\p{L})|받은|받으신|요청|의\\s?$|[은는이가]\\s?$',
  },
  {
    noun: 'รหัส',
    after: /^\p{Script=Thai}{1,24}/u,
    known:
      'ยืนยัน|ปลอดภัย|ผ่าน|ลับ|เข้า|เปิด|ปลด|รับ|ชั่วคราว|ครั้ง|ใช้|กู้|รีเซ็ต|ตั้ง|หลัก|ตัวเลข|อนุมัติ|ธุรกรรม|ตรวจสอบ|พิสูจน์|สมัคร|ลงทะเบียน|เชื่อม|จับคู่|สำรอง|ดังกล่าว|นี้|ของ|คือ|ที่|ใหม่|ด้านล่าง|ต่อไปนี้|สำหรับ|เพื่อ|ใน|พิน|โอทีพี',
  },
];
