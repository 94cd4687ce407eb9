/**
 * Words that show the purpose of a whole message, by language. `purpose.ts` has the rules that use these words.
 */

interface PurposeWords {
  /**
   * Stems of words about proof of identity: verification, one-time, sign-in, password. Words for a confirmation
   * are not in this list, because orders and bookings are confirmed, too.
   */
  readonly identity: string;
  /** Stems of words about a sale: a discount, a coupon, a voucher, a gift card, a basket, a checkout. */
  readonly sale: string;
}

/** Words of languages in the Latin, Cyrillic and Greek scripts. Each stem is matched at the start of a word. */
export const PURPOSES_SPACED: Readonly<Record<string, PurposeWords>> = {
  en: {
    identity: String.raw`verification|verify (?:your|it|that|this)|one[- ]time|single[- ]use|t?otp(?!\p{L})|[2m]fa(?!\p{L})|two[- ](?:factor|step)|(?:log|sign)(?:ging|ning|ged|ned)?[- ]?(?:in|on)(?!\p{L})|login|authenticat|identity|security code|passcode|passphrase|password|authori[sz]|parcel locker|packstation|paczkomat|pakomat|paketomat|pakiautomaa|easybox|póstbox|pakkeboks|packbox|z-box|inpost`,
    sale: String.raw`discount|coupon|voucher|gift ?card|promo(?:tion|tional)?(?: ?code)?(?!\p{L})|check-?out|basket|shopping (?:cart|bag)|(?:the|your) (?:cart|till)|percent off|free shipping|free delivery|store credit|redeem`,
  },
  de: {
    identity:
      'verifi|bestätigungscode|bestätigungskode|einmal(?:code|passwort|kennwort|pin|kode)|anmeld|einlog|login|authenti|identit|sicherheitscode|zwei-faktor|tan(?!\\p{L})|passwort|kennwort|zugangscode|freigabe|freigeben',
    sale: String.raw`\p{L}{0,15}rabatt|gutschein|geschenkkarte|nachlass|warenkorb|kasse(?!\p{L})|einkaufswagen|aktionscode|versandkostenfrei|sparen|spare(?!\p{L})|einlösen|prozente`,
  },
  lb: {
    identity: 'verifi|eemol|umell|login|aloggen|passwuert|identit',
    sale: 'rabatt|bong|reduktioun|keess|kuerf',
  },
  'fr, oc, ht': {
    identity:
      'vérifi|usage unique|connexion|connect|identi|authenti|mot de passe|double facteur|code de sécurité|verific|verifi|koneksyon|konekte|modpas',
    sale: 'réduction|remise|coupon|bon d.achat|bon de réduction|carte cadeau|code promo|promo|panier|rabais|soldes|frais de port offerts|livraison (?:offerte|gratuite)|rabè|redwiksyon|kipon|panye',
  },
  'es, gl': {
    identity:
      'verific|un solo uso|único uso|un só uso|iniciar? sesión|inicio de sesión|acced[ea]|acceso|identi|autentic|contraseña|contrasinal|código de seguridad|clave (?:de|dinámica|temporal)|entrar en|iniciares',
    sale: 'descuento|desconto|cupón|cupons|vale(?!\\p{L})|tarjeta regalo|promo|carrito|carriño|cesta|rebaja|envío gratis|ahorr|aforr|canje|al pagar',
  },
  pt: {
    identity:
      'verific|uso único|utilização única|início de sessão|iniciar sessão|login|acess[ao]|identi|autentic|senha|palavra-passe|entrar n[ao]|código de segurança',
    sale: 'desconto|cupom|cupão|vale(?!\\p{L})|vale-|cartão.presente|promo|carrinho|cesto|frete grátis|portes grátis|econom|poup|resgat',
  },
  ca: {
    identity:
      'verific|un sol ús|iniciar? sessió|inici de sessió|accé[sd]|accedir|identi|autentic|contrasenya|codi de seguretat',
    sale: 'descompte|cupó|val(?!\\p{L})|xec regal|targeta regal|promo|cistella|carret|rebaix|enviament gratu|estalvi',
  },
  it: {
    identity:
      'verific|monouso|usa e getta|access[oi]|acced|identi|autentic|password|codice di sicurezza|login|due fattori',
    sale: 'sconto|sconti|coupon|buono|voucher|carta regalo|promo|carrello|cassa(?!\\p{L})|spedizione gratuita|risparmi|riscatt',
  },
  ro: {
    identity:
      'verific|unică folosință|unica folosinta|conect|autentific|identi|parol|logare|cod de securitate',
    sale: 'reducere|reduceri|discount|cupon|voucher|card cadou|promo|coș|livrare gratuită|economis',
  },
  nl: {
    identity:
      'verifi|eenmalig|inlog|aanmeld|login|identi|authenti|wachtwoord|beveiligingscode|tweestaps|tweefactor|toegangscode',
    sale: String.raw`\p{L}{0,15}korting|waardebon|cadeaubon|cadeaukaart|tegoedbon|actiecode|winkelwagen|winkelmand|afrekenen|kassa|gratis verzending|bespaar|inwissel|verzilver`,
  },
  'af, fy': {
    identity: 'verifi|eenmalig|ienmalich|aanmeld|oanmeld|teken in|inteken|identi|wagwoord|wachtwurd|ynlog',
    sale: 'afslag|koepon|geskenk|mandjie|koarting|betaalpunt|winkelwein|kassa|gratis aflewering',
  },
  sv: {
    identity: 'verifi|engång|inlogg|logga in|identi|autenti|lösenord|säkerhetskod|tvåfaktor|bankid',
    sale: String.raw`\p{L}{0,12}rabatt|kupong|presentkort|värdecheck|kampanj|varukorg|kassan|fri frakt|fraktfritt|spara(?!\p{L})|lösa? in`,
  },
  'nb, nn, da, fo': {
    identity:
      'verifi|engang|eingong|innlogg|pålogg|logg(?:e|ar|er)? inn|log ind|logge ind|login|identi|autenti|godkend|passord|adgangskode|sikkerhetskode|sikkerhedskode|totrinns|totrins|totakt|einnýt|rita inn|innrit|loyniorð',
    sale: String.raw`\p{L}{0,12}rabatt?|kupong?|gavekort|gåvekort|kampanje|handlekurv|kurven?(?!\p{L})|indkøbskurv|kassen|kassa|fri frakt|gratis fragt|gratis frakt|spar(?!\p{L})|avsláttur|tilboð|tilbod|løs inn|indløs`,
  },
  is: {
    identity: 'staðfestingark|einnota|innskrán|skráðu þig inn|skrá þig inn|auðkenn|lykilorð|öryggiskóð',
    sale: 'afslátt|afslætti|tilboð|gjafabréf|gjafakort|körf|kassan|inneign|sparaðu|frí heimsending',
  },
  fi: {
    identity:
      'vahvistusk|vahvistustunnu|kertakäyttö|kirjautu|tunnistau|todenn|salasana|turvakoodi|kaksivaihe|henkilöllisyy',
    sale: 'alennu|kuponki|kupongi|lahjakort|etukood|etukoodi|tarjous|tarjouk|ostoskori|kassalla|ilmainen toimitus|säästä|kampanja',
  },
  et: {
    identity:
      'kinnituskood|ühekord|sisselogi|logi(?:ge|da)? sisse|autent|parool|turvakood|isikutuvas|tuvasta',
    sale: 'soodus|allahindl|kupong|kinkekaar|kampaani|ostukor|kassas|tasuta tarne|säästa|sääst',
  },
  lv: {
    identity: 'verifik|vienreiz|pieslē|pieteik|autentifik|identit|parol|drošības kod|ielogo',
    sale: 'atlaid|atlaiž|kupon|dāvanu kart|akcij|groz[ās]|kas[ēe](?!\\p{L})|bezmaksas piegād|ietaup',
  },
  lt: {
    identity: 'vienkart|prisijung|autentifik|tapatyb|slaptaž|saugos kod|verifik|identifik',
    sale: 'nuolaid|kupon|dovanų kor|dovanų kup|akcij|krepšel|kasoje|nemokam\\p{L}+ pristat|sutaup',
  },
  pl: {
    identity:
      'weryfik|jednoraz|zalogow|logow|uwierzyteln|tożsamo|hasł|kod bezpieczeństwa|autoryz|dwuskładnik',
    sale: 'rabat|zniżk|kupon|bonu|karta podarunk|karty podarunk|promoc|koszyk|kasie|przecen|darmow\\p{L}+ dostaw|oszczędz|voucher',
  },
  'cs, sk': {
    identity:
      'ověřen|ověřov|overen|overov|jednoráz|přihláš|přihlaš|prihlás|prihlas|autenti|totožno|hesl|bezpečnostn|dvoufáz|dvojfáz|identit',
    sale: 'slev|zľav|kupón|kupon|poukaz|voucher|dárkov|darčekov|akčn|košík|pokladn|doprava zdarma|doprav\\p{L}+ zadarmo|ušetř|ušetr|promo',
  },
  hu: {
    identity:
      'megerősítő kód|hitelesít|ellenőrző|egyszer(?:i|használ)|bejelentkez|belép|azonosít|jelsz|biztonsági kód|kétlépcs',
    sale: 'kedvezmény|kupon|utalvány|ajándékkárty|akció|kosár|kosar|pénztár|ingyenes szállítás|takarít|promóci|leárazás',
  },
  sl: {
    identity: 'preverit|preverj|enkrat|prijav|avtentik|identitet|istovet|gesl|varnostn|dvofaktor|dvostopen',
    sale: 'popust|kupon|darilni|vrednotnic|košaric|blagajn|brezplačn\\p{L}+ dostav|prihran|akcij|promo',
  },
  'hr, bs, sr': {
    identity:
      'verifik|jednokrat|prijav|autentif|identit|lozink|sigurnosn|bezb[j]?ednosn|dvofaktor|верифик|једнократ|пријав|аутентиф|идентит|лозинк|безбедносн|autoriz',
    sale: 'popust|kupon|vaučer|poklon|akcij|košaric|korp[aiue]|blagajn|kas[ie](?!\\p{L})|besplatn\\p{L}+ dostav|ušted|попуст|купон|ваучер|поклон|корп[аиуе]|каси|уштед|акциј|бесплатн\\p{L}+ достав',
  },
  mk: {
    identity: 'верифик|еднократ|најав|автентик|идентит|лозинк|безбедносн|потврден код',
    sale: 'попуст|купон|ваучер|подарок|кошничк|каса|акциј|бесплатна достав|заштед',
  },
  bg: {
    identity: 'верифик|еднократ|вход|влез|влиз|удостовер|автентик|самоличн|парол|сигурност',
    sale: 'отстъпк|намален|купон|ваучер|подарък|промо|количк|кошниц|каса(?!\\p{L})|безплатна доставк|спест',
  },
  'ru, uk, be': {
    identity:
      'верифик|верифік|верыфік|одноразов|аднаразов|вход|входа|войти|войд|вхід|увійти|входу|увайсці|уваход|авториз|автентиф|аутентиф|личност|особист|парол|пароль|безопасн|безпек|бяспек|двухфактор|двофактор|подтвержден\\p{L}+ (?:кода|почт|адрес|вход)|код\\p{L}* (?:подтвержден|підтвердж|пацвярдж)',
    sale: 'скидк|скидок|знижк|знижок|зніжк|купон|промо|ваучер|подароч|подарунк|падарунк|корзин|кошик|кошык|касс[еы]|касі|акци[яи]|акці[яії]|бесплатн\\p{L}+ достав|безкоштовн\\p{L}+ достав|сэконом|економ|распродаж',
  },
  'kk, ky, tt, tg': {
    identity:
      'растау код|бір реттік|бир жолку|бер тапкыр|кіру|кирүү|керү|құпиясөз|сырсөз|серсүз|тексер|аутентиф|тасдиқ|яккарата|ворид шудан|воридшав|рамзи (?:яккарата|тасдиқ)|гузарвожа',
    sale: 'жеңілдік|арзандат|ташлама|тахфиф|купон|промо|ваучер|себет|сыйлық|чегерим|сабад|харид|тегін жеткізу',
  },
  mn: {
    identity: 'баталгаажуулах|нэг удаагийн|нэвтрэ|нэвтэр|нууц үг|аюулгүй',
    sale: 'хямдрал|хөнгөлөлт|купон|ваучер|урамшуулал|сагс|бэлгийн карт|үнэгүй хүргэлт',
  },
  el: {
    identity:
      'επαλήθευ|επαληθε|μίας χρήσης|μιας χρήσης|σύνδεσ|συνδεθ|ταυτότητ|ταυτοποί|πιστοποί|κωδικό πρόσβασης|ασφαλε',
    sale: 'έκπτωσ|εκπτωτ|εκπτώσ|κουπόν|δωροκάρτ|δωροεπιταγ|προσφορ|καλάθι|ταμείο|δωρεάν (?:μεταφορ|αποστολ|παράδοσ)',
  },
  tr: {
    identity: 'doğrula|tek kullanımlık|giriş|oturum|kimli|şifre|parola|güvenlik|iki adım',
    sale: 'indirim|i̇ndirim|kupon|hediye|promosyon|kampanya|sepet|kasada|ücretsiz kargo|fırsat|tasarruf',
  },
  'az, uz, tk': {
    identity:
      'təsdiqləmə kod|təsdiq kod|birdəfəlik|giriş|daxil ol|şifrə|parol|kimlik|təhlükəsizlik|tasdiq|bir martalik|kirish|xavfsizlik|tassyk|bir gezek|girmek|açar söz',
    sale: 'endirim|kupon|hədiyyə|promo|səbət|kassada|pulsuz çatdır|chegirma|sovg|savat|bepul yetkaz|arzanladyş|sebet|aksiya',
  },
  ku: { identity: 'piştrast|têketin|şîfre|nasname|carekê', sale: 'daxistin|erzan|kupon|selik|dîyarî' },
  sq: {
    identity: 'verifik|një përdorim|njëpërdor|hyrj|kyçj|identi|fjalëkalim|autentik|sigurisë|hyni|kyçeni',
    sale: 'zbritj|ulje çmim|kupon|dhurat|promo|shport|arkë|dërges\\p{L}+ falas',
  },
  mt: {
    identity: 'verifik|darba biss|idħol|illoggja|identi|password|awtentik|sigurtà',
    sale: 'skont|kupun|vawċer|rigal|basket|irħis|ħlas tal-kaxxa',
  },
  'ga, gd': {
    identity:
      'fíor|aon uair|logáil|síni|sínigh|aithint|pasfhocal|slándál|dearbh|aon-turas|clàradh a-steach|facal-faire|tèarain|dearbhaidh',
    sale: 'lascain|cúpón|dearbhán|bronn|ciseán|chiseán|lasach|luach-lùghd|lùghdach|cùpan|basgaid',
  },
  cy: {
    identity: 'dilysu|gwirio|untro|mewngofnod|cyfrinair|chyfrinair|hunaniaeth|diogel|dilys',
    sale: 'gostyngiad|disgownt|cwpon|taleb|anrheg|basged|fasged|dalu',
  },
  br: { identity: 'gwiri|ur wech|kevre|ger-tremen', sale: 'distaol|kupon|paner' },
  eu: {
    identity: 'egiazta|behin erabil|erabilera bakar|saio|identi|autentif|pasahitz|segurtasun|sarbide',
    sale: 'deskontu|kupoi|bonu|opari|promozio|saski|beherap|doako bidalket',
  },
  eo: { identity: 'kontrol|unufoj|ensalut|ident|pasvort|aŭtent', sale: 'rabat|kupon|donac|korb|aĉetĉar' },
  'id, ms, jv, su': {
    identity:
      'verifikasi|pengesahan kod|sekali pakai|sekali guna|masuk ke|log masuk|login|autentikasi|identiti|identitas|kata sandi|kata laluan|keamanan|keselamatan|otp|mlebu|asup|tac(?!\\p{L})',
    sale: 'diskon|diskaun|potongan|kupon|vouc?her|baucar|promo|keranjang|troli|checkout|gratis ongkir|ongkir|penghantaran percuma|hemat|jimat|hadiah',
  },
  'fil, ceb': {
    identity:
      'verif|beripika|isang beses|minsanang|mag-log|pag-log|login|log in|pagkakakilanlan|password|seguridad|usa ka higayon',
    sale: 'diskwento|discount|kupon|voucher|regalo|promo|checkout|libreng (?:padala|shipping)|bawas|makatipid',
  },
  vi: {
    identity: 'xác minh|xác thực|một lần|đăng nhập|danh tính|mật khẩu|bảo mật|otp',
    sale: 'giảm giá|giảm \\d|ưu đãi|khuyến mãi|khuyến mại|phiếu quà|voucher|coupon|giỏ hàng|miễn phí vận chuyển|freeship|thanh toán để được',
  },
  sw: {
    identity: 'uthibitish|kuthibitisha|mara moja|kuingia|ingia kwenye|nenosiri|nywila|utambulisho|usalama',
    sale: 'punguzo|kuponi|vocha|zawadi|promo|kikapu|bei nafuu',
  },
  'zu, xh, st, tn, sn, rw': {
    identity:
      'qinisekis|kanye|ngena|ukungena|iphasiwedi|iphaswedi|ukuphepha|isazisi|netefats|tlhomam|kena|simbis|pinda mu|kwinjira|injira|ijambobanga|ijambo ry|umutekano|kwemeza',
    sale: 'isaphulelo|ikhuphoni|ivawusha|inqola|ubhasikidi|isephulelo|theolelo|phokoletso|vhocha|rederedza|kugabany|igabanyw|impano|ukuthenga',
  },
  'so, ha, yo, ig, mg, mi': {
    identity:
      'xaqiij|hal mar|gal(?:ka|id)|soo gal|furaha sirta|tabbat|sau ɗaya|shiga|kalmar sirri|ìfìdímúlẹ̀|wọlé|ọ̀rọ̀ìpamọ́|nkwenye|banye|mbanye|okwuntughe|fanamarin|fidir|tenimiafina|manatoko|whakaū|takiuru|kupuhipa',
    sale: 'qiimo dhimis|sicir-dhimis|rangwame|ẹ̀dínwó|mbelata|ego mbelata|fihena|hekenga|kupọn|kuponi|wētiwhā',
  },
};

/**
 * Words that show the purpose of a message, in languages that are not written in the Latin, Cyrillic or Greek
 * script. They are matched at any position, because prefixes may precede them.
 */
export const PURPOSES_UNSPACED: readonly PurposeWords[] = [
  // Words that show the purpose of a message, in Arabic, Persian, Pashto, Kurdish (Sorani), Urdu, Sindhi and
  // Uyghur.
  {
    identity:
      'التحقق|تحقق من|لمرة واحدة|مرة واحدة|تسجيل الدخول|الدخول|هويت|مصادق|كلمة المرور|كلمة مرور|كلمة السر|الأمان',
    sale: 'خصم|تخفيض|كوبون|قسيمة|بطاقة هدية|هدية|السلة|سلة|عرض خاص|العروض|شحن مجاني|توصيل مجاني|عند الدفع',
  },
  {
    identity:
      'تأیید|تایید|یکبار|یک‌بار|ورود|هویت|گذرواژه|رمز عبور|رمز پویا|احراز|ناننوت|ننوت|پټنوم|یوځل|یو ځل|چوونەژوورەوە|پشتڕاستکردنەوە|تێپەڕەوشە|ناسنام',
    sale: 'تخفیف|کوپن|کارت هدیه|هدیه|سبد خرید|ارسال رایگان|بن خرید|تخفیفونه|ډالۍ|داشکاندن|دیاری|سەبەت',
  },
  {
    identity:
      'تصدیق|لاگ اِن|لاگ ان|لاگ‌ان|شناخت|پاس ورڈ|او ٹی پی|ایک بار|سیکیورٹی|تصديق|لاگ ان|پاسورڊ|دەلىللە|كىرىش|پارول',
    sale: 'رعایت|ڈسکاؤنٹ|کوپن|واؤچر|تحفہ|گفٹ|کارٹ|ٹوکری|مفت ڈیلیوری|رعايت|ڊسڪائونٽ|ئېتىبار|سېۋەت',
  },
  // Words that show the purpose of a message, in Hebrew and Yiddish.
  {
    identity: 'אימות|חד.?פעמי|כניסה|התחבר|להתחבר|זיהוי|זהות|סיסמ|אבטחה|באַשטעטיק|פּאַראָל',
    sale: 'הנחה|הנחת|קופון|שובר|גיפט|מתנה|מבצע|עגלה|סל הקניות|בקופה|משלוח חינם|ראַבאַט',
  },
  // Words that show the purpose of a message, in languages of India, Nepal, Bangladesh and Sri Lanka.
  {
    identity:
      'सत्याप|लॉगिन|लॉग इन|लॉग-इन|पहचान|पासवर्ड|ओटीपी|एक बार|वन.टाइम|साइन इन|पडताळणी|ओळख|एकदाच|एकवेळ|प्रमाणीकरण|प्रमाणिकरण|एक पटक|एकपटक|लगइन|लग इन|पुष्टि कोड',
    sale: 'छूट|कूपन|डिस्काउंट|ऑफर|उपहार|गिफ्ट|वाउचर|कार्ट|मुफ़्त डिलीवरी|चेकआउट|सवलत|सूट|व्हाउचर|भेटकार्ड|बास्केट|छुट|भौचर|निःशुल्क डेलिभरी',
  },
  {
    identity: 'যাচাই|লগইন|লগ ইন|লগ-ইন|একবার|এককালীন|পাসওয়ার্ড|পরিচয়|ওটিপি|সাইন ইন|সত্যাপন|পাছৱৰ্ড|এবাৰ',
    sale: 'ছাড়|ডিসকাউন্ট|কুপন|ভাউচার|উপহার|অফার|কার্ট|ফ্রি ডেলিভারি|চেকআউট|ৰেহাই|কুপন|উপহাৰ',
  },
  {
    identity:
      'ਪੁਸ਼ਟੀ|ਤਸਦੀਕ|ਲਾਗਇਨ|ਲੌਗਇਨ|ਲਾਗ ਇਨ|ਪਾਸਵਰਡ|ਓਟੀਪੀ|ਪਛਾਣ|ਚકાસણી|ચકાસણી|ખાતરી|લૉગિન|લોગિન|લૉગ ઇન|લોગ ઇન|પાસવર્ડ|ઓટીપી|ઓળખ|એક વખત|ଯାଞ୍ଚ|ଲଗଇନ|ଲଗ ଇନ|ପାସୱାର୍ଡ|ଓଟିପି|ପରିଚୟ',
    sale: 'ਛੋਟ|ਕੂਪਨ|ਵਾਊਚਰ|ਤੋਹਫ਼|ਕਾਰਟ|ਡਿਸਕਾਊਂਟ|છૂટ|ડિસ્કાઉન્ટ|કૂપન|વાઉચર|ભેટ|કાર્ટ|બચાવો|ઓફર|ରିହାତି|ଛାଡ|କୁପନ|ଉପହାର|କାର୍ଟ',
  },
  {
    identity:
      'சரிபார்|உள்நுழை|ஒருமுறை|ஒரு முறை|கடவுச்சொல்|அடையாள|ஓடிபி|ధృవీ|ధ్రువీ|లాగిన్|ఒకసారి|పాస్‌వర్డ్|గుర్తింపు|ఓటీపీ|ಪರಿಶೀಲ|ದೃಢೀಕರಣ|ಲಾಗಿನ್|ಲಾಗ್ ಇನ್|ಒಂದು ಬಾರಿ|ಪಾಸ್‌ವರ್ಡ್|ಒಟಿಪಿ|ಗುರುತು|പരിശോധന|സ്ഥിരീകരണ|ലോഗിൻ|ഒറ്റത്തവണ|പാസ്‌വേഡ്|ഒടിപി|തിരിച്ചറി|සත්‍යාපන|සත්යාපන|පුරන|පිවිස|මුරපද|එක් වර|අනන්‍යතා',
    sale: 'தள்ளுபடி|கூப்பன்|சலுகை|பரிசு|கூடை|வவுச்சர்|తగ్గింపు|కూపన్|ఆఫర్|బహుమతి|కార్ట్|వోచర్|డిస్కౌంట్|ರಿಯಾಯಿತಿ|ಕೂಪನ್|ಉಡುಗೊರೆ|ಕಾರ್ಟ್|ವೋಚರ್|കിഴിവ്|കിഴിവ|കൂപ്പൺ|സമ്മാന|കാർട്ട്|വൗച്ചർ|ഓഫർ|ඩිස්කවුන්ට්|වට්ටම|කූපන්|තෑගි|වවුචර්|කරත්ත',
  },
  // Words that show the purpose of a message, in languages of Southeast Asia.
  {
    identity:
      'ยืนยัน|ครั้งเดียว|เข้าสู่ระบบ|ล็อกอิน|ตัวตน|รหัสผ่าน|โอทีพี|otp|ຢືນຢັນ|ເຂົ້າສູ່ລະບົບ|ຄັ້ງດຽວ|ລະຫັດຜ່ານ|ផ្ទៀងផ្ទាត់|ចូលគណនី|ម្តង|អត្តសញ្ញាណ|ពាក្យសម្ងាត់|အတည်ပြု|တစ်ကြိမ်|ဝင်ရောက်|စကားဝှက်|အထောက်အထား',
    sale: 'ส่วนลด|คูปอง|ลดทันที|ลดราคา|บัตรของขวัญ|โปรโมชั่น|ตะกร้า|ส่งฟรี|ตอนชำระเงิน|เวาเชอร์|ສ່ວນຫຼຸດ|ຄູປອງ|ບັດຂອງຂວັນ|ກະຕ່າ|ໂປຣໂມຊັນ|ບញ្ចុះតម្លៃ|បញ្ចុះតម្លៃ|គូប៉ុង|កន្ត្រក|កាតអំណោយ|ប័ណ្ណ|လျှော့စျေး|လျှော့ဈေး|ကူပွန်|လက်ဆောင်|ခြင်းတောင်း|ဘောက်ချာ',
  },
  // Words that show the purpose of a message, in Chinese, Japanese and Korean.
  {
    identity:
      '验证|驗證|校验|校驗|一次性|登录|登錄|登入|身份|密码|密碼|动态码|認証|検証|ワンタイム|ログイン|本人確認|パスワード|サインイン|인증|일회용|로그인|본인 ?확인|비밀번호|보안',
    sale: '优惠|優惠|折扣|立减|立減|满减|滿減|礼券|禮券|代金券|购物车|購物車|结算|結算|结账|結帳|礼品卡|禮品卡|包邮|免運|クーポン|割引|ギフト|カート|レジ|送料無料|値引|オフ|할인|쿠폰|기프트|상품권|장바구니|무료 ?배송|적립|결제 시',
  },
  // Words that show the purpose of a message, in Georgian, Armenian and Amharic.
  {
    identity:
      'ვერიფიკ|დადასტურების კოდ|ერთჯერად|შესვლ|ავტორიზ|პაროლ|იდენტ|հաստատման կոդ|մեկանգամյա|մուտք|գաղտնաբառ|ինքնութ|վավերաց|ማረጋገጫ|የአንድ ጊዜ|መግቢያ|ለመግባት|የይለፍ ቃል|ማንነት',
    sale: 'ფასდაკლებ|კუპონ|ვაუჩერ|სასაჩუქრე|კალათ|პრომო|აქცი|զեղչ|կտրոն|վաուչեր|նվեր|զամբյուղ|պրոմո|ቅናሽ|ኩፖን|ቫውቸር|ስጦታ|ጋሪ|ዘንቢል',
  },
];

/**
 * Words for an invitation to an online meeting, which has a number of its own and a passcode for all
 * participants.
 */
export const MEETING =
  String.raw`(?:meeting|webinar|conference|besprechungs|konferenz|meeting-|vergader(?:ing)?|mötes|møte|møde|fundar|kokous|kokouksen|koosoleku|sapulces|susitikimo|toplantı|görüş|értekezlet|yığıncaq)[\s-]{0,2}(?:id|kennung|nummer|number|tunnus|tunniste|numeris|kimliği|numarası|azonosító|код)(?!\p{L})` +
  String.raw`|(?<!\p{L})id[\s-](?:de (?:la )?|da |della |do )?(?:réunion|reunión|reunião|reunió|riunione|réunioun|întâlnire|ședință|spotkania|schůzky|stretnutia|sestanka|sastanka|mesyuarat|rapat|cuộc họp|pulong|konferencji|встречи|конференции|собрания|зустрічі|конференції|сустрэчы|состанокот|састанка|bilera|mbledhjes|laqgħa)` +
  String.raw`|(?:идентификатор|ідентифікатор|ідэнтыфікатар) (?:конференц|собрани|встреч|зустріч|нарад|сустрэч)|αναγνωριστικό σύσκεψης|идентификатор на срещата` +
  String.raw`|معر[ّ]?ف الاجتماع|شناسه[ٔ‌ ]?ی? ?جلسه|شناسهٔ جلسه|מזהה ה?פגישה|מזהה ישיבה|मीटिंग आई ?डी|मीटिंग क्रमांक|মিটিং আইডি|મીટિંગ આઈડી|மீட்டிங் ஐடி|மீட்டிங் id|మీటింగ్ ఐడి|ಮೀಟಿಂಗ್ ಐಡಿ|മീറ്റിംഗ് ഐഡി|میٹنگ آئی ڈی` +
  String.raw`|รหัส(?:การ)?ประชุม|หมายเลข(?:การ)?ประชุม|ミーティング\s?(?:id|番号)|会議\s?(?:id|番号)|会议[号號]|會議[号號]|会议\s?id|會議\s?id|회의\s?(?:id|번호|아이디)|შეხვედრის id|հանդիպման id|የስብሰባ መለያ`;

/** Stems of words for fraud and for advice, of languages in the Latin, Cyrillic and Greek scripts. */
export const WARNINGS_SPACED = [
  'fraud|scam|phish|smish|vishing|impersonat|beware|stay safe|tips?(?!\\p{L})|newsletter|digest|never share|awareness|bulletin',
  'betrug|betrüg|masche|enkeltrick|vorsicht|tipps|sicherheitstipp|rundbrief|warnung vor|fuerscht|bedruch',
  "fraude|arnaque|escroqu|hameçonn|attention aux|ne partagez jamais|conseils|astuces|lettre d[’']information|infolettre",
  'estaf|timo|engañ|suplanta|cuidado con|consejos|boletín|nunca compart|golpe|burla|dicas|alerta de|boletim|informativo|não caia|truff|raggir|consigli|occhio alle|enganys|consells',
  'oplicht|nepmail|fraud|trap niet|pas op|tips|nieuwsbrief|bedrieg|bedräg|lurad|varning för|nyhetsbrev|råd(?!\\p{L})|svindel|bedrag|bedrageri|advarsel|gode råd|nyhedsbrev|svik|svindl|varað|fréttabréf',
  'huija|petos|kalastelu|varo(?!\\p{L})|vinkki|vinkit|uutiskirje|pettus|petturi|kelmus|õngitsus|hoiat|nõuand|uudiskiri|krāp|uzmanī|padomi|jaunumi|sukči|apgavik|saugokit|patarim|naujienlaiš',
  'oszust|wyłudz|uważaj|porad|newsletter|biuletyn|podvod|podvád|pozor na|rady|tipy|zpravodaj|spravodaj|newsletter|csalás|csaló|adathalász|vigyázat|tippek|hírlevél|fraud|înșel|escroc|atenție la|feriți|sfaturi|buletin',
  'мошен|обман|фишинг|развод|осторожно|советы|рассылк|шахра|обережно|порад|розсилк|фішинг|махляр|парад|падман|измам|внимавай|съвет|бюлетин|измамниц|превар|савет|совет|билтен',
  'prevar|prijevar|goljuf|pazi na|oprez|savjet|savet|nasvet|bilten|novice|απάτ|απατ|προσοχή στ|συμβουλ|ενημερωτικό δελτίο',
  'dolandırıcı|sahte|oltalama|dikkat|ipuç|bülten|fırıldaq|dələduz|firibgar|лохот|алаяқ|алдам|lừa đảo|cảnh giác|giả mạo|mẹo|bản tin|penipu|waspada|modus|tips|buletin|berita|scammer|panloloko|mag-ingat|utapeli|iruzur|mashtrim|twyll|calaois|frodi',
].join('|');

/**
 * Stems of words for fraud and for advice, of languages that are not written in the Latin, Cyrillic or Greek script.
 */
export const WARNINGS_UNSPACED = [
  'احتيال|نصب|احذر|تحذير من|نصائح|نشرة|کلاهبردار|هشدار|فیشینگ|خبرنامه|دھوکہ|فراڈ|הונאה|הונאות|נוכל|פישינג|היזהרו|זהירות|טיפים|ניוזלטר',
  'धोखाधड़ी|धोखा|सावधान|ठग|फसवणूक|টিপস|প্রতারণা|সাবধান|প্রতারক|ਧੋਖਾ|છેતરપિંડી|மோசடி|మోసం|మోసాల|ವಂಚನೆ|തട്ടിപ്പ്|වංචා',
  'มิจฉาชีพ|หลอกลวง|ระวัง|ภัยออนไลน์|เคล็ดลับ|จดหมายข่าว|ຫຼອກລວງ|ឆបោក|လိမ်လည်',
  '诈骗|詐騙|欺诈|欺詐|钓鱼|釣魚|谨防|謹防|防骗|防騙|小贴士|小貼士|电子报|電子報|詐欺|フィッシング|ご注意ください|にご注意|メルマガ|ニュースレター|사기|피싱|주의하세요|뉴스레터|소식지',
  'თაღლით|խարդախ|ማጭበርበር',
].join('|');
