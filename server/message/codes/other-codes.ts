/**
 * Stems of words beside the word `code` that name a code with another purpose than a proof of identity: the code
 * of a door, a course, an exam, a branch office, a tax, a product. `words.ts` has the stems for discounts, post
 * and orders.
 */
const STEMS: Readonly<Record<string, string>> = {
  en: "(?:location|zone|parking|permit|tour|recipe|paint|lesson|ward|seat|shelf|aisle|recall|hsn|sac|door|key ?box|key ?safe|lock ?box|wi-?fi|gate|alarm|class|class ?room|course|module|subject|exam|paper|centre|center|school|store|shop|department|cost|fare|trip|flight|airline|hotel|part|model|batch|lot|stock|species|diagnosis|procedure|occupation|industry|cheat|creator|partner|affiliate|event|webinar|meeting|conference|penal|building|redemption|reward|loyalty|student|county|district|region|city|platform|policy|incident|fault|trouble|isbn|upc|sku|vin|tariff|customs|commodity|hs|subscription|trunk|morse|cost centre|merchant|supplier|vendor|employee|staff|return|rma|pantone|ral|obd|diagnostic|wardrobe|garage|lift|elevator)(?:s|'s)?(?![a-z])",
  de: 'standort|park|zonen|fach(?!\\p{L})|fächer|farb|rezept|modul|veranstaltungs|studien|raum|geschenkkarten|tür|schlüssel|schlüsselbox|wlan|wifi|haustür|kurs|klassen|prüfungs(?:raum|fach|zentrum)|filial|bank|steuer|tarif|material|mitglieds|partner|empfehlungs|einladungs|werbe|geschenk|prämien|treue|branchen|abteilungs|hotel|flug|ort[s]?code|gate|tor(?!\\p{L})|termin|vorgangs|auftrags|sendungs|tracking|reservierungs|bezahl|diagnose|rückruf',
  fr: "épreuve|matière|module|ue(?!\\p{L})|lieu|zone|parking|teinte|carte cadeau|salle|porte|boîte à cl|wifi|wi-fi|du portail|immeuble|digi|cours|classe|examen|centre|agence|fiscal|barre|parrain|fidélité|membre|fournisseur|réservation|article|rappel|wagon|établissement|insee|vestiaire|portail|interphone|alarme|d['’]entrée de l",
  'es, gl, pt, ca, it, ro':
    'materia|asignatura|prueba|disciplin|matèria|assignatura|prova|unidad|zona|aparcamiento|estacionamento|parcheggio|esame|insegnament|puerta|porta |porto[nm]|portal|curso|clase|asignatura|examen|centro|sucursal|banco|impuesto|arancel|socio|proveedor|fidel|referido|invitación|artículo|localizador|alarma|edificio|aula|turma|disciplina|exame|agência|banco|imposto|sócio|fornecedor|indicação|convite|referência|loja|funcionário|prédio|porteiro|desconto|curs|classe|examen|sucursal|impost|aula|corso|classe|esame|filiale|banca|tributo|catastale|ateco|iban|socio|fornitore|invito|amico|portone|cancello|allarme|negozio|tessera|ușă|ușii|interfon|clasă|clasei|curs|examen|sucursal|banc|tva|furnizor|invitați|magazin|centrul|produs|sede',
  'nl, af':
    'deur|sleutel|wifi|poort|cursus|klas|examen|filiaal|bank|belasting|lid|leveranciers?|uitnodig|verwijs|reserver|alarm|gebouw|winkel|kortings?|afdeling|vak|waarde|geskenk|kamp|hek',
  'sv, nb, nn, da, is, fo': String.raw`dörr|nyckel|nøkkel|nøgle|wifi|wi-fi|lykla|port(?!\p{L})|portkod|kurs|klass|prov|filial|bank|skatt|medlems|leverantörs|inbjudnings|värvnings|larm|bokning|butik|dør|kurs|klasse|eksamens|avdelings|afdelings|skatte|leverandør|invitasjons|invitations|alarm|butikk|butiks|billet|plass|takk|tak|gavekort|hurð|dyra|námskeið|áfanga|próf|útibú|skatt|félags|verslunar|bókunar`,
  'fi, et':
    'broneeri|varaus|ovi|avain|wifi|võtme|kurssi|luokka|koe|konttori|pankki|vero|jäsen|toimittaja|kutsu|hälytys|tilaus|lahja|kaupan|kursuse|klassi|eksami|filiaali|panga|maksu(?=kood|amet|kohu)|liikme|tarnija|kutse|alarmi|tellimuse|kingi|poe|fono',
  'lv, lt':
    'durv|kurs|klases|eksām|filiāl|bank|nodok|dalībnieka|piegād|uzaicināj|signaliz|veikal|durų|kurso|klasės|egzamin|filial|banko|mokes|nario|tiekėj|kviet|signaliz|parduotuv|laiptin|kupona',
  pl: 'przedmiotu|zajęć|strefy|parking|lokalizacj|koloru|karty|do drzwi|do kluczy|wi-?fi|klucz|domofon|do bramy|klasy|kursu|przedmiot|egzamin|oddział|bank|podatk|taryf|członk|dostawc|polecaj|zaproszeni|alarm|sklepu|zniżkow|kupon|gus|pkd|usterki|bram',
  'cs, sk':
    'dveř|schránk[ay] na klíč|wifi|vrát|dverí|brán|kurz|třídy|triedy|předmět|predmet|zkouš|skúš|poboč|bank|daň|sazeb|člen|dodavatel|dodávateľ|pozvánk|doporuč|odporúč|alarm|prodejn|predajn|kupón|slev|objednáv',
  hu: 'tantárgy|kurzus|zóna|parkol|szín|ajtó|kapu|tanfolyam|osztály|tárgy|vizsga|fiók|bank|adó|vám|tag|beszállító|meghívó|ajánló|riasztó|bolt|rendelés|áfa|teáor|garázs',
  'hr, bs, sr, sl, mk':
    'za vrata|vrat|kapij|tečaj|kurs|razred|predmet|ispit|izpit|poslovnic|filijal|bank|porez|davč|carin|član|dobavlj|dobavit|pozivn|preporuk|priporoč|alarm|prodavn|trgovin|врат|капиј|курс|разред|испит|филијал|банк|порез|царин|член|добављ|алар|продавн|наруч|продажб',
  bg: 'резервац|дисциплин|предмет|зона|паркинг|цвят|врат|портал|курс|клас(?!\\p{L})|изпит|клон|банк|данъ|митнич|член|достав|покан|алар|магазин|поръчк',
  'ru, uk, be':
    'дисципл|дысцыпл|предмет|прадмет|зон[иыі]|парков|парк(?:инг|інг)|колер|товара|двер|домофон|подъезд|під.їзд|пад.езд|ворот|курс|класс|клас|экзам|іспит|экзамен|филиал|філі|філіял|банк|налог|подат|тн вэд|оквэд|уктзед|член|поставщ|постачальн|приглашени|запрошен|сигнализ|магазин|крамниц|цвет|кольор|ваучер|акци[ио]нн|скидочн|знижков',
  'kk, ky, mn, uz, az, tt, tg':
    'пән|предмет|сабақ|хичээл|fənn|dərs|фан(?!\\p{L})|fän|есік|эшик|сынып|курс|емтихан|филиал|банк|салық|дүкен|хаалг|анги|шалгалт|салбар|татвар|дэлгүүр|eshik|sinf|imtihon|soliq|doʻkon|do.kon|qapı|sinif|imtahan|vergi|mağaza|taşınmaz|синф|андоз',
  el: 'μάθημα|ζών|πόρτ|εισόδου της|κτηρ|μαθήματ|τάξη|εξέτασ|εξετασ|κατάστημα|καταστήματ|τράπεζ|φόρ|δασμ|μέλους|προμηθευτ|πρόσκλησ|σύστασ|συναγερμ|παραγγελ|εκπτωτικ',
  tr: 'kapı|ders|sınıf|kurs|sınav|şube|banka|vergi|gtip|üye|tedarikçi|davet|referans|mağaza|arıza|tak(?!\\p{L})|bina|kargo|sepet|sipariş|tesis',
  'vi, id, ms, fil, jv, su': String.raw`cửa|lớp|môn|khóa học|kỳ thi|chi nhánh|ngân hàng|thuế|thành viên|nhà cung cấp|giới thiệu|coupon|voucher|pintu|kelas|mata kuliah|kursus|ujian|cabang|cawangan|bank|cukai|anggota|pemasok|undangan|rujukan|alarm|toko|kedai|cukai|gudang|pinto|klase|kurso|pagsusulit|sangay|bangko|buwis|imbitasyon|diskwento`,
  'cy, ga, gd, eu, mt, sq, eo, lb': String.raw`lënd|cwrs|gwrs|modiwl|irakasgai|suġġett|ábha|drws|cwrs|dosbarth|arholiad|cangen|banc|treth|siop|aelod|dorais|rang|cúrsa|scrúd|brainse|cánach|siopa|ate(?!\p{L})|atari|ikastaro|gela|azterketa|sukurtsal|banku|zerga|denda|bieb|klassi|kors|eżami|fergħa|taxxa|ħanut|derë|klasës|kursit|provimi|dege|bankë|tatim|dyqan|pord|kurso|ekzamen|dier|bréif`,
  'sw, zu, xh, so, ha, yo, ig, mg, ht': String.raw`kozi|somo|maddo|darasi|kwas|mlango|darasa|kozi|mtihani|tawi|benki|kodi ya|duka|mwanachama|umnyango|isifundo|iklasi|ivivinyo|igatsha|ibhange|intela|isitolo|albaab|fasal|koorso|imtixaan|laan|bangi|canshuur|ƙofa|aji|jarabawa|reshe|haraji|ilẹ̀kùn|kíláàsì|ìdánwò|ụzọ|klaasị|ule|varavarana|kilasy|fanadinana|pòt|klas|egzamen`,
};

/**
 * Stems of words that name a code with another purpose than a proof of identity, in languages that write no blanks
 * between words or attach prefixes to words.
 */
const STEMS_UNSPACED = [
  'الباب|البوابة|الدورة|المادة|الصف|المقرر|الامتحان|الفرع|البنك|الضريب|العضو|المورد|الدعوة|الإحالة|المتجر|القسم|الموظف|الإنذار|السويفت|المركز|الاستدعاء',
  'رزرو|بلیط|پرواز|درب|کلاس|درس|دوره|آزمون|شعبه|بانک|مالیات|عضو|تأمین|دعوت|معرف|فروشگاه|اقتصادی|رشته|ساختمان|دروازه|دروازې|ټولګي|څانګ|مرکز|دەرگا|پۆل|لق',
  'דלת|שער|כיתה|קורס|מבחן|סניף|בנק|מס(?!פר)|חבר|ספק|הזמנ[הת] חבר|חנות|אזעקה|בניין|שובר',
  'केंद्र|केन्द्र|दरवाज|गेट|कक्षा|वर्ग|पाठ्यक्रम|कोर्स|परीक्षा|शाखा|बैंक|बँक|कर |एचएसएन|सदस्य|आमंत्रण|रेफरल|दुकान|विद्यालय|शाळा|अभ्यासक्रम|विषय|दार|ढोका|विभाग|वस्तु|ऑफर|सवलत|गिफ्ट|भेट|प्रोडक्ट|क्षेत्र|आईएफएससी|आयएफएससी',
  'কেন্দ্র|দরজা|গেট|শ্রেণি|ক্লাস|কোর্স|পরীক্ষা|শাখা|ব্যাংক|কর |সদস্য|আমন্ত্রণ|রেফারেল|দোকান|বিদ্যালয়|বিভাগ|উপহার|গিফট|ভাউচার|এলাকা|বিষয়',
  'ਦਰਵਾਜ਼|ਗੇਟ|ਜਮਾਤ|ਕਲਾਸ|ਕੋਰਸ|ਪ੍ਰੀਖਿਆ|ਕੇਂਦਰ|ਸ਼ਾਖਾ|ਬੈਂਕ|ਮੈਂਬਰ|ਗਾਹਕ|ਤੋਹਫ਼|ਰੈਫਰਲ|દરવાજ|ગેટ|વર્ગ|કોર્સ|પરીક્ષા|કેન્દ્ર|શાખા|બેંક|સભ્ય|ગ્રાહક|ભેટ|રેફરલ|ડિસ્કાઉન્ટ|ઑફર|ଛାଡ|ରିହାତି|କୁପନ|ଶାଖା|କେନ୍ଦ୍ର|ଶ୍ରେଣୀ|ପୋଷ୍ଟ|ଡାକ|ପିନ୍‌?',
  'கதவு|வகுப்பு|பாட|தேர்வு|மைய|கிளை|வங்கி|வரி|உறுப்பினர்|பரிசு|பரிந்துரை|பின்|வாடிக்கை|పోస్టల్|పిన్|తలుపు|తరగతి|కోర్సు|పరీక్ష|కేంద్ర|శాఖ|బ్యాంక్|బ్రాంచ్|పన్ను|సభ్య|బహుమతి|రిఫరల్|ఆఫర్|ಬಾಗಿಲು|ತರಗತಿ|ಕೋರ್ಸ್|ಪರೀಕ್ಷಾ|ಕೇಂದ್ರ|ಶಾಖೆ|ಶಾಖಾ|ಬ್ಯಾಂಕ್|ತೆರಿಗೆ|ಸದಸ್ಯ|ರಿಯಾಯಿತಿ|ಕೂಪನ್|ಉಡುಗೊರೆ|ಪಿನ್|ಅಂಚೆ|വാതിൽ|ക്ലാസ്|കോഴ്സ്|പരീക്ഷ|കേന്ദ്ര|ശാഖ|ബാങ്ക്|നികുതി|അംഗ|സമ്മാന|റഫറൽ|ഡിസ്കൗണ്ട്|പിൻ|දොර|පන්ති|පාඨමාලා|විභාග|ශාඛා|බැංකු|සාමාජික|ත්‍යාග|ඩිස්කවුන්ට්|කූපන්|වවුචර්',
  'การจอง|การประชุม|ประตู|ห้องเรียน|ชั้นเรียน|วิชา|หลักสูตร|สอบ|ธนาคาร|ภาษี|สมาชิก|คูปอง|โปรโมชั่น|โปรโมชัน|แนะนำ|เชิญ|ร้านค้า|ศูนย์|สี|จอง|ติดตาม|ປະຕູ|ຫ້ອງຮຽນ|ວິຊາ|ສອບເສັງ|ສາຂາ|ທະນາຄານ|ສະມາຊິກ|ຄູປອງ|ទ្វារ|ថ្នាក់|មុខវិជ្ជា|ប្រឡង|សាខា|ធនាគារ|សមាជិក|គូប៉ុង|បញ្ចុះតម្លៃ|တံခါး|အတန်း|သင်တန်း|စာမေးပွဲ|ဘဏ်ခွဲ|ကူပွန်|လျှော့ဈေး|လျှော့စျေး|စာတိုက်',
  '门禁|門禁|开门|開門|课程|課程|班级|班級|考试|考試|科目|分行|支行|银行|銀行|税|稅|会员|會員|供应商|供應商|代金券|礼品|禮品|兑换|兌換|商品|行业|行業|海关|海關|故障|机构|機構|区号|區號|部门|部門|购物|購物|运单|運單|团购|團購|满减|滿減|礼券|禮券',
  'ドア|講座|授業|科目|試験|支店|税|会員|店舗|部署|地域|故障|カラー|予約|ギフト|優待|キャンペーン|お買い物|商品券|シリアル|製品|品番|특가|도어|출입문|현관|강의|과목|수업|시험|지점|은행|세금|회원|매장|부서|지역|고장|색상|예약|기프트|상품권|이벤트|혜택|적립',
  'საგნ|ლექცი|առարկ|დისციპლინ|კარის|კურსის|კლასის|გამოცდის|ფილიალ|ბანკის|საგადასახადო|წევრის|კუპონ|სასაჩუქრე|მაღაზი|პრომო|დაჯავშნ|დან|դռան|դասարան|դասընթաց|քննությ|մասնաճյուղ|բանկի|հարկ|անդամ|նվեր|կուպոն|խանութ|ամրագր|պրոմո|የበር|የክፍል|የኮርስ|የፈተና|ቅርንጫፍ|የባንክ|የግብር|የአባል|ኩፖን|ስጦታ|የቅናሽ',
  'دروازے|گیٹ|کلاس|کورس|امتحان|برانچ|شاخ|بینک|ٹیکس|رکن|تحفہ|واؤچر|ریفرل|دکان',
].join('|');

/**
 * Stems, of all languages, of words that name a code with another purpose than a proof of identity, as
 * alternatives of a regular expression.
 */
export const OTHER_CODES = `${Object.values(STEMS).join('|')}|${STEMS_UNSPACED}`;
