/**
 * Words that name numbers other than one-time codes: nouns for the owner of a number, verbs such as `call`, and words
 * such as `like` before an example. `other-numbers.ts` has the rules that use these words.
 */

/**
 * Stems of nouns for persons and things that have a number: a customer, a member, a card, an account, a contract, a
 * booking, a telephone. They count only beside a noun such as `number`.
 */
export const OWNERS: Readonly<Record<string, string>> = {
  en: 'customer|client|member|subscriber|cardholder|card|account|employee|staff|passport|policy|contract|loyalty|reader|library|student|patient|guest|booking|reservation|ticket|order|reference|phone|telephone|service|hotline|helpline|parcel|tracking|shipment|invoice|tax|licen[cs]e|serial|meter|case|user|donor|room|seat|flight',
  de: 'kund|mitglied|abonnent|karte|konto|mitarbeiter|ausweis|police|vertrag|leser|patient|gast|buchung|reservierung|auftrag|bestell|referenz|telefon|service|paket|sendung|rechnung|steuer|serien|zähler|vorgang|benutzer|teilnehmer|spender|zimmer|platz|flug',
  fr: 'client|adhérent|membre|abonn|carte|compte|salarié|passeport|police|contrat|fidélité|lecteur|étudiant|patient|réservation|billet|commande|référence|téléphone|service|colis|suivi|envoi|facture|fiscal|série|compteur|dossier|sociétaire|allocataire|chambre|siège|vol(?!\\p{L})',
  'es, gl, ca':
    'cliente|client|socio|soci(?!\\p{L})|abonad|abonat|suscriptor|tarjeta|targeta|tarxeta|cuenta|compte|conta|emplead|pasaporte|póliza|contrato|contracte|lector|estudiante|paciente|reserva|billete|pedido|referencia|teléfono|telèfon|servicio|servei|paquete|seguimiento|envío|factura|serie|contador|expediente|afiliad|usuario|habitación|asiento|vuelo',
  pt: 'cliente|sócio|assinante|associad|cartão|conta|funcionário|passaporte|apólice|contrato|leitor|estudante|paciente|utente|reserva|bilhete|pedido|encomenda|referência|telefone|serviço|rastreio|envio|fatura|série|contador|processo|usuário|quarto|assento|voo',
  it: 'cliente|socio|abbonat|tessera|carta|conto|dipendente|passaporto|polizza|contratto|lettore|studente|paziente|prenotazione|biglietto|ordine|riferimento|telefono|servizio|pacco|spedizione|fattura|serie|contatore|pratica|utente|utenza|camera|posto|volo',
  'nl, af':
    'klant|kliënt|lid(?!\\p{L})|leden|lidmaat|abonnee|kaart|pas(?!\\p{L})|rekening|personeel|paspoort|polis|contract|lezer|student|patiënt|gast|boeking|reservering|ticket|bestel|order|referentie|telefoon|dienst|pakket|zending|factuur|serie|meter|dossier|gebruiker|kamer|stoel|vlucht',
  'sv, nb, da, is':
    'kund|kunde|medlem|abonnent|abonnement|kort|konto|anställ|ansatt|pass(?!\\p{L})|försäkring|forsikring|avtal|avtale|aftale|låntagar|låner|student|patient|pasient|gäst|gjest|gæst|bokning|bestilling|booking|billett?|biljett|order|ordre|referens|referanse|reference|telefon|tjänst|tjeneste|paket|pakke|sändning|sending|faktura|serie|mätare|måler|ärende|sak|sag|användar|bruker|bruger|rum|rom|plats|viðskiptavin|félag|kort|reikning|bókun|farmiða|pöntun|síma',
  fi: 'asiakka|asiakas|jäsen|tilaaj|korti|kortti|tili|työntekijä|passi|vakuutu|sopimu|lukija|kirjasto|opiskelija|potilas|vieraan|varau|lipu|lippu|tilau|viite|viitte|puhelin|palvelu|paketi|paketti|lähety|lasku|sarja|mittari|tapau|käyttäjä|huonee|paika|lenno',
  et: 'klien|liikme|tellija|abonen|kaardi|kaart|konto|töötaja|passi|poliisi|lepingu|lugeja|õpilas|patsien|külali|broneeringu|pileti|tellimu|viite|telefoni|teenus|paki|saadeti|arve|seeria|arvesti|juhtumi|kasutaja|toa|koha|lennu',
  lv: 'klient|dalībniek|biedra|abonent|kart|kont|darbiniek|pase|polis|līgum|lasītāj|student|pacient|viesa|rezervācij|biļet|pasūtīj|atsauc|tālru|pakalpoj|sūtīj|paka|rēķin|sērij|skaitītāj|lietotāj|istab|vieta|reis',
  lt: 'klient|nari|abonent|kortel|sąskait|darbuotoj|pas[oą](?!\\p{L})|polis|sutart|skaitytoj|student|pacient|svečio|rezervacij|biliet|užsakym|nuorod|telefon|paslaug|siunt|serij|skaitikl|byl|naudotoj|vartotoj|kambar|viet|skrydž',
  pl: 'klient|członk|abonent|kart|kont|pracownik|paszport|polis|umow|czytelnik|student|pacjent|gości|rezerwacj|bilet|zamówi|referenc|telefon|usług|infolini|paczk|przesył|faktur|seryjn|licznik|spraw|użytkownik|uczestnik|pokoj|miejsc|lot(?!\\p{L})',
  'cs, sk':
    'zákazn|klient|člen|abonent|předplatitel|predplatiteľ|kart|účt|účet|zaměstnan|zamestnan|pas(?!\\p{L})|pojistn|poistn|smlouv|zmluv|čtenář|čitateľ|student|študent|pacient|host|rezervac|rezerváci|jízden|lístk|letenk|objednáv|referen|telefon|telefón|servis|linka|zásil|zásiel|balík|faktur|sériov|výrobn|elektroměr|případ|prípad|uživatel|používateľ|pokoj|izb|míst|miest|let(?!\\p{L})|variabiln',
  hu: 'ügyfél|vevő|tag(?!\\p{L})|tagság|előfizető|kártya|számla|dolgozó|útlevél|kötvény|szerződés|olvasó|hallgató|beteg|vendég|foglalás|jegy|rendelés|hivatkozás|telefon|szolgálat|csomag|küldemény|sorozat|mérő|ügyirat|felhasználó|szoba|ülés|járat',
  ro: 'client|membr|abonat|abonament|card|cont|angajat|pașaport|poliț|contract|cititor|student|pacient|oaspe|rezerv|bilet|comenz|comand|referin|telefon|serviciu|colet|expedi|factur|serie|contor|dosar|utilizator|camer|loc(?!\\p{L})|zbor',
  'bg, mk':
    'клиент|член|абонат|абонамент|карт|сметк|служител|паспорт|полиц|договор|читател|студент|пациент|гост|резервац|билет|поръч|нарачк|референ|телефон|услуг|пратк|фактур|сери|електромер|случа|потребител|корисник|стая|соба|място|полет|лет(?!\\p{L})',
  'ru, uk, be':
    'клиент|клієнт|кліент|член|участник|учасник|удзельнік|абонент|абанент|подписчик|карт|счет|счёт|рахун|лицев|особов|сотрудник|співробітник|паспорт|полис|поліс|договор|договір|дагавор|читател|читач|студент|пациент|пацієнт|гост|брон|билет|квитк|квиток|заказ|замовлен|заяв|обращен|звернен|телефон|тэлефон|сервис|линии|лінії|посыл|посил|отправлен|відправлен|накладн|сч[её]тчик|лічильник|дел[ао](?!\\p{L})|справ|пользовател|користувач|комнат|кімнат|мест|місц|рейс',
  'hr, sr, sl':
    'kup(?:ac|ca|čev)|korisni|klijent|član|pretplatni|naročni|strank|kartic|kart|račun|zaposlen|putovnic|pasoš|potn|polic|ugovor|pogodb|čita[ot]|čital|bral|student|pacijent|pacient|gost|rezervacij|narudžb|porudžb|naročil|referen|telefon|servis|pošiljk|paket|faktur|serij|brojil|števc|predmet|uporabni|sob[aei]|mjest|mest|sedež|let(?!\\p{L})|куп(?:ац|ца)|корисни|члан|претплатни|картиц|карт|рачун|уговор|поруџбин|резервациј|пошиљк|телефон|серијск',
  el: 'πελάτ|μέλο|συνδρομητ|κάρτ|λογαριασμ|υπαλλήλ|διαβατηρ|συμβολα|ασφαλιστηρ|αναγνώστ|φοιτητ|ασθεν|κράτησ|εισιτηρ|παραγγελ|αναφορ|τηλεφών|υπηρεσ|δέματ|αποστολ|τιμολογ|σειρ|μετρητ|υπόθεσ|χρήστ|δωματ|θέσ|πτήσ|παροχ',
  'tr, az, uz':
    "müşteri|müştəri|mijoz|üye|üzv|a[ʼ'’‘]?zo|abone|abunə|abonent|kart|hesa[bp]|personel|sicil|pasaport|poliçe|sözleşme|müqavilə|shartnoma|okur|öğrenci|hasta|misafir|rezervasyon|bilet|chipta|sipariş|sifariş|buyurtma|referans|telefon|hizmet|kargo|paket|gönderi|fatura|seri|sayaç|dosya|kullanıcı|istifadəçi|oda|koltuk|uçuş",
  vi: 'khách hàng|thành viên|hội viên|thuê bao|thẻ|tài khoản|nhân viên|hộ chiếu|hợp đồng|bảo hiểm|độc giả|sinh viên|bệnh nhân|đặt phòng|đặt chỗ|vé|đơn hàng|tham chiếu|điện thoại|tổng đài|hotline|vận đơn|bưu kiện|hóa đơn|serial|sê-ri|hồ sơ|phòng|ghế|chuyến bay',
  'id, ms, fil':
    'pelanggan|anggota|ahli|pelanggan|langganan|kartu|kad|rekening|akaun|akun|pegawai|karyawan|paspor|pasport|polis|kontrak|pembaca|siswa|mahasiswa|pasien|pesakit|tamu|pemesanan|tempahan|tiket|pesanan|referensi|rujukan|telepon|telefon|layanan|khidmat|paket|bungkusan|resi|invois|faktur|seri|siri|meter|kasus|kes|pengguna|kamar|bilik|kursi|penerbangan|customer|miyembro|suki|tarjeta|subscriber',
};

/** Stems of nouns such as `number`, of languages in the Latin, Cyrillic and Greek scripts. */
export const NUMBER_NOUNS =
  'number|nummer|numm?er|num[ée]ro|número|númer|ident|číslo|čísla|číslem|broj|številk|szám|azonosító|номер|нумар|број|идентификатор|ідентифікатор|αριθμό|numara|num[ăa]r|nömrə|raqam|số|nomor|nombor|numeri|numur|numbri';

/** Abbreviations and signs for a number. */
export const NUMBER_SIGNS =
  "no|nr|id|n|num|núm|numm|nú|n°|nº|#|№|č|br|št|ном|бр|ид|ід|αρ|no'su|nr|tlf|mã|pin-?nr";

/**
 * Verbs such as `call` and `dial` directly before a telephone number, with prepositions and articles between them.
 * Verbs that also mean `enter` count only with an article (`composez le 3477`).
 */
export const CALLS_SPACED = [
  '(?:call|dial|ring|phone|telephone)(?: us| me| our \\p{L}{1,10}| the \\p{L}{1,10})?(?: on| at)?(?=\\s)|hotline|helpline|toll-free|toll free|freephone|switchboard',
  'rufen sie|ruf(?:en|t)?(?= uns| die| unter| an)|anruf(?:en)?|wählen sie (?:die|den notruf)|wähl(?:e|en|t)? die|rufnummer|kurzwahl|telefonisch unter|erreichen sie uns unter|erreichbar unter|servicenummer|hotline|infoline',
  'appele[rz](?: le)?|appelez-nous au|joignable au|composez le|composer le|compose le|contactez(?:-nous)? (?:le|au)|téléphone[rz]? au|numéro vert|numéro court',
  "llam[ae]n?(?:nos|r)?(?: al| a)?|llámanos(?: al)?|llámenos(?: al)?|marque el|marca el|marcar el|marcando el|comun[ií]\\p{L}+ al|teléfono gratuito|chame (?:ao|o)|truqu[ei]u?(?:-nos)? al|truca(?:'ns)? al|marqueu el",
  'lig(?:ue|a|ar)(?:-nos)?(?: para(?: o)?| ao| a)?|telefone para|disque|discar|contacte(?:-nos)?(?: através)? d?o|linha de apoio|central de atendimento',
  'chiam[aio](?:re|ci|te)?(?: il| lo| al)?|telefon[aio](?:re)?(?: al| a)|compon[ai] il|componga il|componi il|numero verde|contatt[aio](?:ci)? (?:il|al)',
  'bel(?:t|len)?(?: ons)?(?: met| op| naar)?|bereikbaar op|telefonisch op|kies(?: het)?(?= nummer)|draai het nummer|skakel',
  'ring(?:er|e|a)?(?: oss| til os)?(?: på| til)?|slå numret|telefonnummer|kundtjänst på|hringdu|hringið|hringja',
  'soit(?:a|taa|akaa|tamalla)|numerosta|puhelimitse|palvelunumero\\p{L}*|sulkupalvelu\\p{L}*',
  'helista(?:ge|da)?(?: meile)?|lühinumbri\\p{L}*|infotelefon\\p{L}*|zvan(?:iet|i|īt)(?: uz| pa)?|tālruni|skambin(?:kite|k|ti)(?: mums)?|trumpuoju',
  'zadzwoń(?:cie)?(?: do nas)?(?: pod| na)?|dzwoń(?:cie)?|dzwoniąc|wybierz numer|infolini\\p{L}+',
  'vol(?:ejte|ej|at|ajte|aj|ať)|zavol(?:ejte|ej|at|ajte|aj|ať)|vytoč(?:te|it|iť)?|telefonujte|infolin\\p{L}+|lin[ck][aeu]',
  'hív(?:ja|d|ják|hat\\p{L}*)(?: fel| a| az| minket)*|telefonáljon(?: a| az)?|tárcsáz(?:za|d|zon)(?: a| az)?|hívószám\\p{L}*',
  'sun[aă](?:ți|ţi|ti|-ne|ți-ne)?(?: la)?|apel(?:ați|ează|aţi|ati|ând)(?: la)?|telefona(?:ți|ţi) la|formați numărul|linia',
  'обад(?:ете|и) се(?: на)?|позвън(?:ете|и)(?: на)?|наберете номер|јавете се(?: на)?|свртете(?: на)?',
  '(?:по|пере)?звони(?:те|ть)?(?: нам)?(?: по| на)?|телефонуй(?:те)?|зателефонуй(?:те)?|подзвон(?:іть|и)|дзвон(?:іть|и)|(?:по|за)?тэлефануй(?:це)?|набер(?:ите|іть) номер|горяч\\p{L}+ лини\\p{L}+|гаряч\\p{L}+ лін\\p{L}+|позвонив|зателефонувавши',
  'nazov(?:i|ite)|zov(?:i|ite)|pozov(?:i|ite)|pokličite|pokliči|nazvati|birajte|zavrti(?:te)? številko|назов(?:и|ите)|позов(?:и|ите)|зов(?:и|ите)',
  'καλ(?:έστε|έσε|είτε|ώντας)(?: μας)?(?: στο)?|τηλεφων(?:ήστε|είστε|ώντας)(?: στο)?|γραμμή',
  'gọi(?: số| đến| cho| ngay| tới| điện)*|quay số|bấm số|hotline|tổng đài',
  'hubungi(?: kami)?(?: di| ke)?|telepon(?: kami)?(?: di| ke)?|telefon(?: kami)?(?: di| ke)?|dail|menghubungi|tawag(?:an)?|tumawag(?: sa)?',
  'telefonatu|deitu|ffoniwch|cuir glao ar|ċempel|cempel|telefono(?:ni)?|piga(?: simu)?|shayela',
].join('|');

/** Verbs such as `call` before a telephone number in languages that write no blanks between words or attach prefixes. */
export const CALLS_UNSPACED = [
  'اتصل|اتصلوا|الاتصال|اطلب الرقم|تماس بگیرید با|با شماره|تماس با|کال کریں',
  'התקשר|חייג|להתקשר|לחייג|מוקד|שירות לקוחות',
  '拨打|撥打|致电|致電|来电|來電|拨号|請撥|请拨|打电话|打電話|热线|熱線|专线|專線|客服电话|お電話|電話番号|フリーダイヤル|ダイヤル|전화번호|대표번호|고객센터|문의전화',
  'โทร|สายด่วน|ໂທ|สอบถามที่|ទូរស័ព្ទ|ហៅ|ဖုန်းခေါ်|ဖုန်း',
  'हेल्पलाइन|टोल.?फ्री|হেল্পলাইন|হটলাইন|ఫోన్|உதவி எண்|ಸಹಾಯವಾಣಿ',
  'დარეკეთ|დაგვირეკეთ|զանգահարեք|զանգեք|ይደውሉ',
].join('|');

/** Words such as `call` after a telephone number (`3477'yi arayın`, `1588로 전화`). */
export const CALLS_AFTER = [
  'ara(?:yın|yınız|yarak|yabilir\\p{L}*)|numaral[ıi]|numaradan|nömrəsinə zəng|zəng|qoʻngʻiroq|telefonszám\\p{L}*|számon|hívható|deitu',
  '(?:に|へ|まで)(?:お)?電話|までご?連絡|にご連絡|(?:번)?(?:으로|로) (?:전화|연락|문의)|로 문의',
  'पर (?:कॉल|फ़ोन|फोन|संपर्क)|वर (?:कॉल|फोन)|নম্বরে|এ কল|এ ফোন|-?তে কল|-?এ কল|پر کال|تماس بگیر|را بگیر|پر رابطہ|ను సంప్రదించ|க்கு அழை|ಗೆ ಕರೆ',
].join('|');

/** Nouns for a customer service directly after its telephone number (`95588 等客服号码`). */
export const SERVICES_AFTER =
  '(?:等)?(?:官方)?(?:客服|热线|熱線|专线|專線)|hotline|helpline|infoline|番(?:窓口)?に';

/** Words such as `like` before an example, of languages in the Latin, Cyrillic and Greek scripts. */
export const EXAMPLES_SPACED =
  'such as|like|e\\.g\\.|for example|for instance|z\\. ?b\\.|zum beispiel|beispielsweise|etwa|wie|par exemple|tel(?:le)?s? que?|comme|p\\. ?ex\\.|por ejemplo|como|tipo|por exemplo|ad esempio|per esempio|come|per exemple|com ara|bijvoorbeeld|bijv\\.|zoals|till exempel|t\\. ?ex\\.|såsom|for eksempel|f\\.? ?eks\\.|t\\.d\\.|til dæmis|eins og|esimerkiksi|esim\\.|kuten|näiteks|nt|piemēram|pvz\\.|pavyzdžiui|na przykład|np\\.|takie? jak|typu|například|např\\.|napríklad|napr\\.|například|jako je|ako je|például|pl\\.|de exemplu|precum|cum ar fi|например|напр\\.|като|например,|наприклад|типа|типу|вроде|на кшталт|напрыклад|na primjer|npr\\.|na primer|poput|kot je|kot|на пример|нпр\\.|попут|π\\.χ\\.|παράδειγμα|όπως|örneğin|mesela|məsələn|masalan|ví dụ|chẳng hạn|như|misalnya|contohnya|seperti|halimbawa|tulad ng';

/** Words such as `like` before an example, of languages that are not written in the Latin, Cyrillic or Greek script. */
export const EXAMPLES_UNSPACED =
  'مثل|مثلا|مثلاً|مثال|مانند|כגון|למשל|כמו|जैसे|उदाहरण|যেমন|उदा\\.|如|例如|比如|譬如|像|例えば|たとえば|예를 들어|예:|เช่น|อย่างเช่น|ເຊັ່ນ|ដូចជា|მაგალითად|օրինակ';

/** Stems of nouns and verbs for a conversation with the staff of a company, of the languages of `EXAMPLES_SPACED`. */
export const CONVERSATION_SPACED = [
  'call(?!back)|calling|ring(?:er|s|ing)?(?!\\p{L})|agent|operator|advis[eo]r|representative|staff|employee|colleague|reception|clerk|at the (?:desk|counter)|in person|in correspondence',
  'mitarbeiter|berater|anruf|telefonat|kollege|kollegin|schalter|rezeption|korrespondenz|rückfrage|conseiller|agent(?!\\p{L})|opérateur|appel|guichet|accueil|agente|operador|asesor|llam|ventanilla|recepción|atendente|ligar|ligação|balcão|operatore|consulente|chiam|sportello|medewerker|bell(?:en|t)|balie|gesprek',
  'medarbetar|handläggar|samtal|kundtjänst|medarbeider|medarbejder|kundebehandler|samtale|henvend|þjónustufulltrúa|asiakaspalvelij|puhelu|soit(?:at|taessa)|teenindaja|helista|kõne|operaator|darbiniek|zvan|darbuotoj|skambin',
  'konsultant|pracownik|rozmow|dzwoni|zadzwoni|okienk|operátor|pracovník|hovor|volání|přepáž|ügyintéző|munkatárs|telefonál|hívás|operator|consultant|apel|ghișeu|оператор|служител|разговор|обажда|гише|сотрудник|звон|звонк|співробітник|дзвін|дзвон|telefonuj|djelatnik|operater|razgovor|poziv|agent|sodelav|klic|службеник|разговор',
  'υπάλληλ|εκπρόσωπ|κλήση|τηλεφών|temsilci|görevli|arama|nhân viên|tổng đài|petugas|pegawai|menelepon|kakitangan',
].join('|');

/** Stems of nouns and verbs for a conversation with the staff of a company, of the languages of `EXAMPLES_UNSPACED`. */
export const CONVERSATION_UNSPACED =
  'الموظف|المكالمة|الاتصال|کارشناس|اپراتور|נציג|שיחה|कर्मचारी|प्रतिनिधि|प्रतिनिधी|พนักงาน|เจ้าหน้าที่|客服|坐席|人工|オペレーター|担当者|電話|상담원|직원|통화';
