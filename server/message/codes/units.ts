/**
 * Units, currencies and counted nouns. A number directly beside one of them is an amount, a count or a measure,
 * and not a one-time code.
 */
import { LETTERS } from './whole-word.ts';
import { WordExpression } from './word-expression.ts';

/** Units and currencies, which are the same in all languages. */
const SYMBOLS =
  '%|‰|h|hs|px|pt|em|rem|kg|kgs|g|mg|km|cm|mm|m²|m2|qm|km/h|kwh|mwh|kcal|kj|mah|gb|mb|kb|tb|mbit|gbit|ml|cl|hz|mhz|ghz|rpm|ppm|fps|dpi|°c|°f|€|\\$|£|¥|₽|₴|₺|₩|₹|₫|฿|₪|zł|kč|ft|kr|lei|лв|грн|руб|р|eur|usd|gbp|chf|sek|nok|dkk|pln|czk|huf|ron|bgn|rub|uah|try|tl|idr|rp|vnd|vnđ|đ|thb|jpy|cny|rmb|krw|inr|brl|cad|aud|hkd|sgd|twd|ils|aed|sar|rsd|din|mxn|zar';

/**
 * Counted nouns (`days`, `items`) in languages with blanks between words, in the grammatical forms that
 * follow a number.
 */
const NOUNS: Readonly<Record<string, string>> = {
  en: 'dollars?|euros?|pounds|cents?|points?|credits?|minutes?|mins?|hours?|hrs?|days?|seconds?|secs?|weeks?|months?|years?|people|persons|users?|customers|clients|members|items?|followers|subscribers|views|visitors|employees|miles|steps|calories|characters?|chars|words|letters|lines|pages|copies|pieces|units|votes|shares|likes|downloads|orders|products|messages|emails|photos|files|tickets|seats|participants|guests|students|entries|records|rows|bytes|met(?:er|re)s|lit(?:er|re)s|grams|watts|volts|feet|acres|tons|tokens|coins|stars|times|attempts|reviews|questions|signatures|donations|square|cubic|percent|street|st\\.|avenue|ave\\b|road|rd\\.|a\\.?m\\b|p\\.?m\\b',
  de: 'punkten?|minuten|stunden|tagen?|sekunden|wochen|monaten?|jahren?|uhr|zeichen|wörter|worte|buchstaben|zeilen|seiten|stück|personen|leuten?|nutzer|benutzer|kunden|mitglieder|meilen|schritten?|kalorien|meter|kilometer|liter|gramm|franken|kronen|stimmen|artikel|bilder|dateien|nachrichten|plätze|teilnehmer|exemplare|euro|cent|prozent|mal|einheiten|follower|bewertungen|besucher|quadratmeter|mitarbeiter(?:innen)?|einwohner',
  fr: 'points?|minutes?|heures?|jours?|secondes?|semaines?|mois|ans|années|caractères?|mots|lettres|lignes|pages|personnes|utilisateurs|clients|abonnés|membres|pas|calories|mètres?|kilomètres?|litres?|grammes?|francs|voix|articles|photos|fichiers|messages|places|participants|exemplaires|pour cent|fois|unités|habitants|visiteurs|employés|pièces|lots|signes|miles|avis',
  es: 'puntos?|minutos?|horas?|días?|segundos?|semanas?|meses|años|caracteres|palabras|letras|líneas|páginas|personas|usuarios|clientes|seguidores|miembros|pasos|calorías|metros?|kilómetros?|litros?|gramos?|pesos|euros|dólares|votos|artículos|fotos|archivos|mensajes|plazas|participantes|ejemplares|veces|unidades|habitantes|visitas|empleados|piezas|millas|créditos|por ciento|socios',
  pt: 'pontos?|minutos?|horas?|dias?|segundos?|semanas?|meses|anos|caracteres|carateres|palavras|letras|linhas|páginas|pessoas|usuários|utilizadores|clientes|seguidores|membros|passos|calorias|metros?|quilómetros?|quilômetros?|litros?|gramas?|reais|euros|dólares|votos|artigos|fotos|arquivos|ficheiros|mensagens|vagas|participantes|exemplares|vezes|unidades|habitantes|visitas|funcionários|peças|milhas|créditos|por cento|inscritos',
  it: 'punti|minuti|ore|giorni|secondi|settimane|mesi|anni|caratteri|parole|lettere|righe|pagine|persone|utenti|clienti|iscritti|membri|passi|calorie|metri|chilometri|litri|grammi|euro|dollari|voti|articoli|foto|file|messaggi|posti|partecipanti|copie|volte|unità|abitanti|visite|dipendenti|pezzi|miglia|crediti|per cento|battute|follower',
  ca: 'punts|minuts|hores|dies|segons|setmanes|mesos|anys|caràcters|paraules|lletres|línies|pàgines|persones|usuaris|clients|membres|passos|metres|quilòmetres|litres|euros|vots|articles|fotos|fitxers|missatges|places|participants|exemplars|vegades|unitats|habitants',
  nl: "punten|minuten|uur|uren|dagen|seconden|weken|maanden|jaar|jaren|tekens|woorden|letters|regels|pagina[’']?s|personen|mensen|gebruikers|klanten|leden|stappen|calorieën|meter|kilometer|liter|gram|euro|dollar|stemmen|artikelen|foto[’']?s|bestanden|berichten|plaatsen|deelnemers|exemplaren|keer|stuks|eenheden|inwoners|bezoekers|medewerkers|mijl|procent|volgers|credits",
  'sv, nb, da':
    'poäng|poeng|point|minuter|minutt(?:er)?|minutter|timmar|timer|dagar|dager|dage|sekunder|veckor|uker|uger|månader|måneder|år|tecken|tegn|ord|bokstäver|bokstaver|bogstaver|rader|linjer|linjer|sidor|sider|personer|människor|mennesker|användare|brukere|brugere|kunder|medlemmar|medlemmer|steg|skridt|skritt|kalorier|meter|metre?|kilometer|liter|gram|kronor|kroner|röster|stemmer|varor|varer|artiklar|artikler|bilder|billeder|filer|meddelanden|meldinger|beskeder|platser|plasser|pladser|deltagare|deltakere|deltagere|exemplar|eksemplarer|gånger|ganger|gange|st|stk|styck(?:en)?|stykker|enheter|enheder|invånare|innbyggere|indbyggere|besökare|besøkende|besøgende|följare|følgere|mil|procent|prosent|anställda|ansatte|bonuspoäng|bonuspoeng|krediter|anslag|euro',
  is: 'stig|punktar|mínútur|klukkustundir|daga|sekúndur|vikur|mánuði|ára?|stafi|stafir|orð|línur|síður|manns|notendur|félagar|skref|metrar|metra|kílómetra|lítra|grömm|krónur|evrur|atkvæði|myndir|skrár|sæti|eintök|sinnum|stykki|prósent|tilkynningar',
  fi: 'pistettä|minuuttia|tuntia|päivää|sekuntia|viikkoa|kuukautta|vuotta|merkkiä|sanaa|kirjainta|riviä|sivua|henkilöä|ihmistä|käyttäjää|asiakasta|jäsentä|askelta|kaloria|metriä|kilometriä|litraa|grammaa|euroa|senttiä|kruunua|ääntä|tuotetta|kuvaa|tiedostoa|viestiä|paikkaa|osallistujaa|kappaletta|kpl|kertaa|yksikköä|asukasta|kävijää|seuraajaa|mailia|prosenttia|työntekijää|bonuspistettä|tilaajaa',
  et: 'punkti|minutit|tundi|päeva|sekundit|nädalat|kuud|aastat|tähemärki|märki|sõna|tähte|rida|lehekülge|inimest|isikut|kasutajat|klienti|liiget|sammu|kalorit|meetrit|kilomeetrit|liitrit|grammi|eurot|senti|krooni|häält|toodet|pilti|faili|sõnumit|kohta|osalejat|eksemplari|korda|ühikut|elanikku|külastajat|jälgijat|miili|protsenti|töötajat|tk|boonuspunkti',
  lv: 'punkt(?:i|us|u|iem)|minūt(?:es|i|ēm)|stund(?:as|u|ām)|dien(?:as|u|ām)|sekund(?:es|ēm)|nedēļ(?:as|u)|mēneš(?:i|us)|gad(?:i|us|u|iem)|rakstzīm(?:es|ju|ēm)|zīm(?:es|ju|ēm)|simbol(?:i|us|u)|vārd(?:i|us|u|iem)|burt(?:i|us|u)|rind(?:as|u)|lappus(?:es)?|lapas|cilvēk(?:i|us|u|iem)|person(?:as|u)|lietotāj(?:i|us|u|iem)|klient(?:i|us|u)|soļ(?:i|us|u)|kalorij(?:as|u)|metr(?:i|us|u)|kilometr(?:i|us|u)|litr(?:i|us|u)|gram(?:i|us|u)|eiro|centi|bals(?:is|u)|prec(?:es|u)|attēl(?:i|us)|fail(?:i|us|u)|ziņ(?:as|u)|viet(?:as|u)|dalībniek(?:i|us|u)|eksemplār(?:i|us)|reiz(?:es)?|vienīb(?:as|u)|iedzīvotāj(?:i|us|u)|sekotāj(?:i|us|u)|jūdzes|procent(?:i|us|u)|gab',
  lt: 'tašk(?:ai|us|ų|ais)|minu(?:tes|čių)|valand(?:os|as|ų)|dien(?:os|as|ų)|sekund(?:es|žių)|savai(?:tes|čių)|mėnes(?:ius|ių)|met(?:ai|us|ų)|simboli(?:ai|us|ų)|žodži(?:ai|us|ų)|ženkl(?:ai|us|ų)|raid(?:es|žių)|eilu(?:tes|čių)|puslapi(?:us|ų)|žmon(?:es|ių)|asmen(?:is|ų)|naudotoj(?:us|ų)|vartotoj(?:us|ų)|klient(?:us|ų)|nari(?:us|ų)|žingsni(?:us|ų)|kalorij(?:as|ų)|metr(?:us|ų)|kilometr(?:us|ų)|litr(?:us|ų)|gram(?:us|ų)|eur(?:ai|us|ų)|cent(?:us|ų)|bals(?:us|ų)|prek(?:es|ių)|nuotrauk(?:as|ų)|fail(?:us|ų)|žinu(?:tes|čių)|viet(?:as|ų)|dalyvi(?:us|ų)|egzempliori(?:us|ų)|kart(?:us|ų)|vienet(?:us|ų)|gyventoj(?:us|ų)|sekėj(?:us|ų)|myli(?:as|ų)|procent(?:us|ų)|vnt',
  pl: 'punkt(?:y|ów|ami)|minut(?:y)?|godzin(?:y)?|dni|sekund(?:y)?|tygodni|miesięcy|lat|rok|roku|r\\.|znak(?:i|ów)|słów|słowa|liter(?:y)?|wierszy|linii|stron(?:y)?|osób|osoby|użytkowników|klientów|członków|krok(?:i|ów)|kalorii|metr(?:y|ów)|kilometr(?:y|ów)|litr(?:y|ów)|gram(?:y|ów)|złotych|złote|euro|groszy|głos(?:y|ów)|produkt(?:y|ów)|zdję(?:cia|ć)|plik(?:i|ów)|wiadomości|miejsc|uczestników|egzemplarzy|razy|sztuk(?:i)?|szt|jednostek|mieszkańców|odwiedzin|obserwujących|mil|procent|pracowników|subskrybentów',
  'cs, sk':
    'bod(?:y|ů|ov|mi)|minut(?:y)?|minút(?:y)?|hodin(?:y)?|hodín|dn(?:í|ů|i)|sekund(?:y)?|sekúnd|týdnů|týždňov|měsíců|mesiacov|let|roků|rokov|roku|znak(?:y|ů|ov)|slov(?:a)?|slová|písmen(?:a)?|řádků|riadkov|stran(?:y)?|strán|stránek|osob(?:y)?|osôb|lidí|ľudí|uživatelů|používateľov|zákazníků|zákazníkov|členů|členov|kroků|krokov|kalorií|kalórií|metr(?:y|ů)|metrov|kilometrů|kilometrov|litrů|litrov|gramů|gramov|korun(?:y)?|korún|eur|hlasů|hlasov|produktů|produktov|fotek|fotografií|souborů|súborov|zpráv|správ|míst|miest|účastníků|účastníkov|výtisků|výtlačkov|krát|kusů|kusov|ks|jednotek|jednotiek|obyvatel|obyvateľov|návštěvníků|sledujících|mil|míľ|procent|percent|zaměstnanců|zamestnancov',
  hu: 'pont(?:ot|tal|ja|já[tv])?|perc(?:et|ig)?|órá?[ta]?|nap(?:ot|ig)?|másodperc(?:et)?|het(?:et)?|hónap(?:ot)?|év(?:et|es|ben)?|karakter(?:t|es|ben|rel)?|szó(?:t|ból|ban|val)?|szavas|betű(?:t|s)?|sor(?:t|os)?|oldal(?:t|as)?|fő(?:t|re)?|ember(?:t)?|felhasználó(?:t)?|ügyfél|tag(?:ot)?|lépés(?:t)?|kalória|kalóriát|méter(?:t)?|kilométer(?:t)?|liter(?:t)?|gramm(?:ot)?|forint(?:ot|os)?|euró(?:t)?|szavazat(?:ot)?|termék(?:et)?|kép(?:et)?|fájl(?:t)?|üzenet(?:et)?|hely(?:et)?|résztvevő(?:t)?|példány(?:t)?|darab(?:ot)?|db|alkalom(?:mal)?|egység(?:et)?|lakos|látogató(?:t)?|követő(?:t)?|mérföld(?:et)?|százalék(?:ot)?|dolgozó',
  ro: '(?:de )?(?:puncte|minute|ore|zile|secunde|săptămâni|luni|ani|caractere|cuvinte|litere|rânduri|pagini|persoane|oameni|utilizatori|clienți|membri|pași|calorii|metri|kilometri|litri|grame|lei|euro|bani|voturi|produse|fotografii|fișiere|mesaje|locuri|participanți|exemplare|ori|bucăți|unități|locuitori|vizitatori|urmăritori|mile|procente|angajați)',
  bg: 'точки|минути|часа|дни|секунди|седмици|месеца|години|година|г\\.|знака|знаци|символа|символи|думи|букви|реда|страници|души|човека|потребители|потребителя|клиенти|членове|стъпки|калории|метра|километра|литра|грама|лева|евро|гласа|продукта|снимки|файла|съобщения|места|участници|екземпляра|пъти|броя|единици|жители|посетители|последователи|мили|процента|служители|бонус точки',
  'ru, uk':
    'балл(?:а|ов|ы)?|бал(?:и|ів)|очк(?:о|а|ов|ів)|минут[аы]?|хвилин[аи]?|час(?:а|ов)?|годин[аи]?|дн(?:я|ей|ів|і)|день|секунд[аы]?|недел[ья]|недель|тижн(?:і|ів)|месяц(?:а|ев)|місяц(?:і|ів)|лет|год(?:а|у)?|г\\.|рок(?:и|ів|у)|р\\.|символ(?:а|ов|и|ів)?|знак(?:а|ов|и|ів)?|сл(?:ово|ова|ов|ів)|букв[аы]?|літер[аи]?|строк[аи]?|рядк(?:и|ів)|страниц[аы]?|сторін(?:ок|ки)|человека?|людей|люди|осіб|пользовател(?:я|ей)|користувач(?:а|ів|і)|клиентов|клієнтів|участников|учасників|шаг(?:а|ов)|крок(?:и|ів)|калори[йия]|калорі[йї]|метр(?:а|ов|ів|и)|километр(?:а|ов)|кілометр(?:а|ів|и)|литр(?:а|ов)|літр(?:а|ів|и)|грамм(?:а|ов)?|грам(?:и|ів)?|рубл(?:я|ей|ь)|грив(?:ен|ень|ня|ні)|евро|євро|доллар(?:а|ов)|долар(?:а|ів|и)|голос(?:а|ов|ів|и)?|товар(?:а|ов|ів|и)|фото|файл(?:а|ов|ів|и)|сообщени[йяе]|повідомлен(?:ь|ня)|мест[ао]?|місц(?:ь|я|е)|экземпляр(?:а|ов)|примірник(?:и|ів)|раза?|раз(?:и|ів)|штук[аи]?|шт|единиц[аы]?|одиниц[яіь]|жител(?:я|ей)|мешканців|подписчик(?:а|ов)|підписник(?:и|ів)|миль|процент(?:а|ов)|відсотк(?:и|ів)|сотрудников|бонус(?:а|ов|ів|и)',
  'hr, sr, sl':
    'bodov[ai]|boda|točk[aei]?|točk|poena|minut[aei]?|sat[ai]|ur[aei]?|dan[ai]|dni|sekund[aei]?|tjedan[ai]|nedelj[aei]|tednov|mjesec[ai]|mesec[ai]|mesecev|godin[aeu]|let[ai]?|znak(?:a|ova|ov)|slov[ao]|črk[aei]?|riječi|reči|besed[aei]?|red(?:a|ova)|vrstic[aei]?|stranic[aeu]|stran[ai]?|osob[ae]|oseb[ae]?|ljudi|korisnika|uporabnikov|kupaca|strank|članova|članov|korak(?:a|ov|ova)|kalorij[aei]?|met(?:ara|rov|ra)|kilomet(?:ara|rov|ra)|lit(?:ara|rov|ra)|gram(?:a|ov)|kuna|eura|evr(?:a|ov)|dinar[ai]|glasov[ai]?|proizvoda|izdelkov|fotografij[aei]?|datotek[aei]?|poruk[ae]|sporočil[ai]?|mjesta|mesta|mest|sudionika|učesnika|udeležencev|primjeraka|primeraka|izvodov|puta|krat|komad[ai]|kosov|jedinica|enot|stanovnika|prebivalcev|pratitelja|sledilcev|milja|posto|odstotkov|zaposlenih|поена|минут[ае]?|сат[аи]|дана|секунд[аие]|недељ[аеу]|месеци|година|знакова|знака|слова|речи|редова|страница|особа|људи|корисника|купаца|чланова|корака|калорија|метара|километара|литара|грама|динара|евра|гласова|производа|фотографија|датотека|порука|места|учесника|примерака|пута|комада|јединица|становника|пратилаца|миља|процената|запослених',
  el: 'πόντ(?:οι|ους|ων)|βαθμ(?:οί|ούς|ών)|λεπτ(?:ά|ών)|ώρες|ωρών|(?:η)?μέρες|ημερών|δευτερόλεπτα|εβδομάδες|μήνες|μηνών|χρόνια|έτη|ετών|χαρακτήρ(?:ες|ων)|λέξεις|λέξεων|γράμματα|γραμμές|σελίδες|σελίδων|άτομα|ατόμων|άνθρωποι|ανθρώπους|χρήστες|χρηστών|πελάτες|πελατών|μέλη|μελών|βήματα|βημάτων|θερμίδες|μέτρα|χιλιόμετρα|λίτρα|γραμμάρια|ευρώ|λεπτά|ψήφ(?:οι|ους)|προϊόντα|φωτογραφίες|αρχεία|μηνύματα|θέσεις|συμμετέχοντες|αντίτυπα|φορές|τεμάχια|τεμ|μονάδες|κάτοικοι|κατοίκους|επισκέπτες|ακόλουθοι|μίλια|τοις εκατό|εργαζόμενοι',
  tr: 'puan(?:ı|ınız|a|lık)?|dakika|saat|gün|saniye|hafta|ay|yıl(?:ı|ında|ına)?|karakter(?:lik|i|den)?|kelime(?:lik|yi|den)?|harf(?:lik|i)?|satır(?:lık)?|sayfa(?:lık)?|kişi(?:lik|yi|ye)?|kullanıcı|müşteri|üye|adım|kalori|metre|kilometre|litre|gram|lira|avro|kuruş|oy|ürün|fotoğraf|dosya|mesaj|koltuk|katılımcı|nüsha|kez|kere|defa|adet|tane|birim|nüfus|ziyaretçi|takipçi|mil|yüzde|çalışan',
  vi: 'điểm|phút|giờ|ngày|giây|tuần|tháng|năm|ký tự|kí tự|chữ(?: cái| số)?|dòng|trang|người|khách(?: hàng)?|thành viên|bước|calo|mét|kilômét|lít|gam|đồng|đô la|euro|phiếu|sản phẩm|ảnh|bức ảnh|tệp|tin nhắn|chỗ|bản|lần|cái|chiếc|đơn vị|lượt|dặm|phần trăm|nhân viên|xu',
  ms: 'mata|minit|aksara|patah perkataan|perkataan|ringgit|sen|hari|kes|ahli',
  id: 'poin|menit|jam|hari|detik|minggu|bulan|tahun|karakter|kata(?! sandi)|huruf|baris|halaman|orang|pengguna|pelanggan|anggota|langkah|kalori|meter|kilometer|liter|gram|rupiah|euro|dolar|suara|produk|foto|berkas|file|pesan|kursi|peserta|eksemplar|kali|buah|unit|penduduk|pengunjung|pengikut|mil|persen|karyawan|koin',
};

/**
 * Nouns of reports about fraud and of statistics (cases, attempts, complaints, victims), which often have words
 * about one-time codes beside them.
 */
const STATISTICS =
  'cases|incidents|attacks|reports|complaints|victims|tests|accounts|households|respondents|applicants|fälle[n]?|versuchen?|anzeigen|meldungen|opfer|konten|angriffen?|haushalten?|cas|tentatives|plaintes|signalements|victimes|comptes|foyers|casos|intentos|denuncias|víctimas|cuentas|quejas|hogares|tentativas|denúncias|queixas|vítimas|contas|casi|tentativi|denunce|segnalazioni|vittime|reclami|intents|denúncies|víctimes|gevallen|pogingen|meldingen|klachten|slachtoffers|rekeningen|fall|försök|anmälningar|tilfeller|tilfælde|forsøk|forsøg|anmeldelser|tilfelle|mál|tilraunir|tilvik|tilvika|tapausta|yritystä|ilmoitusta|juhtumit|juhtumist|katset|kaebust|gadījum(?:i|us|u|iem)|mēģinājum(?:i|us|u)|atvej(?:ai|us|ų|į)|bandym(?:ai|us|ų)|skund(?:ai|us|ų)|przypadk(?:i|ów)|prób|zgłoszeń|oszustw|skarg|případ(?:y|ů)|prípad(?:y|ov)|pokus(?:y|ů|ov)|podvod(?:y|ů|ov)|stížností|sťažností|eset(?:et|ben)?|kísérlet(?:et)?|bejelentés(?:t)?|csalás(?:t)?|cazuri|tentative|plângeri|sesizări|случа(?:й|я|ев|и)|випадк(?:и|ів)|попыт(?:ки|ок)|спроб(?:и)?|жалоб[ыа]?|скарг(?:и)?|опит(?:а|и)?|сигнал(?:а|и)?|измам[иа]?|выпадк(?:і|аў)|спроб(?:аў)?|prijav[ae]|pokušaj[ae]|slučaj(?:a|eva)|primer(?:a|ov|ova)|primerov|prevar[ae]?|poskusov|goljufij|случаја|покушаја|превара|пријава|случаи|обиди|περιπτώσεις|περιστατικά|απόπειρες|καταγγελίες|θύματα|vaka|olay|şikayet|girişim|dava|ihbar|hadisə|şikayət|holat|shikoyat|оқиға|шағым|окуя|арыз|ҳолат|гомдол|хэрэг|vụ|trường hợp|khiếu nại|kasus|laporan|korban|kes|aduan|mangsa|kaso|reklamo|na kaso|na reklamo|raste|përpjekje|ankesa|każ|każijiet|ilmenti|cás|iarracht|gearán|o achosion|achos|o gwynion|kasu|saiakera|salaketa|denuntzia|gevalle|klagtes|visa|malalamiko|kiis|kòmplent';

/**
 * Counters (words that count things) of languages without blanks between words. They are matched at the start
 * of the text after a number.
 */
const COUNTERS = [
  // Counters (words that follow the number of counted things) in Chinese and Japanese.
  '[字元块塊天條条件张張頁页項项万萬年月日号號米克秒円回枚冊册台歩步]|[个個](?!人)|位(?!于|於)|人(?!工)|名(?!为)|次(?!の)|分(?!享)|[点點](?!击|擊)|本(?![次验驗邮郵人码碼])|通(?!过|過)|小[时時]|积分|積分|公[里斤]|美元|文字|ポイント|時間|ページ|キロ|メートル|単語|語(?!を)|番(?!号)',
  '[件起宗例]|名受害|被害',
  // Counters (words that follow the number of counted things) in Korean.
  '자(?!동)|글자|원(?!하)|개(?!인)|명(?!의)|회(?!원)|점|포인트|걸음|분(?!실)|초(?!대)|시간|년|페이지|장(?!치)|권(?!한)|단어|줄|통(?!해)|건|킬로|미터|만 ',
  // Counters (words that follow the number of counted things) in Thai.
  'ราย|ตัวอักษร|ตัว|อักขระ|คำ|บาท|คน|ครั้ง|แต้ม|คะแนน|นาที|ชั่วโมง|วินาที|วัน|เดือน|ปี|ชิ้น|รายการ|ก้าว|กิโล|เมตร|กรัม|กม|ลิตร|บรรทัด|เปอร์เซ็นต์',
  // Counters (words that follow the number of counted things) in Bengali.
  'অক্ষর|শব্দ|টাকা|টি|জন|মিনিট|ঘণ্টা|ঘন্টা|সেকেন্ড|দিন(?!ি)|মাস|বছর|সাল|পৃষ্ঠা|পয়েন্ট|কিমি|কিলো|মিটার|বার|শতাংশ',
  // Words for cases and complaints in languages of India, in Burmese, Khmer, Lao, Georgian, Armenian and Amharic.
  'शिकायत|मामल|तक्रार|प्रकरण|उजुरी|घटना|অভিযোগ|ঘটনা|মামলা|গোচৰ|ਸ਼ਿਕਾਇਤ|ਮਾਮਲ|ફરિયાદ|કેસ|ଅଭିଯୋଗ|ମାମଲା|புகார்|வழக்கு|ఫిర్యాదు|కేసు|ದೂರು|ಪ್ರಕರಣ|പരാതി|കേസ|පැමිණිලි|සිද්ධි|အမှု|မှု|ករណី|ກໍລະນີ|შემთხვევ|საჩივ|დარღვევ|դեպք|բողոք|ክስ|አቤቱታ|ጉዳይ|ጉዳዮች',
  // Counters (words that follow the number of counted things) in Hindi.
  'अक्षर|शब्द|वर्ण|रुप|अंक|पॉइंट|लोग(?!ि)|बार|मिनट|घंट|सेकंड|दिन|सप्ताह|महीन|साल|वर्ष|पेज|पृष्ठ|पंक्ति|कदम|किमी|किलो|मीटर|ग्राम|लीटर|प्रतिशत|व्यक्ति|सदस्य|उपयोगकर्ता|ग्राहकों|यूनिट|कैलोरी',
].join('|');

/**
 * Counted nouns (`days`, `items`) in languages with prefixes and suffixes. The nouns are matched without a
 * suffix; only vowel signs may follow them.
 */
const SEMITIC =
  // Counted nouns (`days`, `items`) in Arabic.
  'حرف|أحرف|كلمة(?! (?:ال)?مرور)|كلمات|نقطة|نقاط|ريال|درهم|دينار|جنيه|دولار|يورو|ليرة|شخص|أشخاص|مستخدم|عضو|أعضاء|دقيقة|دقائق|ساعة|ساعات|يوم|أيام|سنة|سنوات|عام|شهر|صفحة|سطر|خطوة|كيلومتر|كم|متر|لتر|غرام|جرام|مرة|منتج|قطعة|صوت|ميل|سعرة|' +
  'حالة|حالات|محاولة|محاولات|شكوى|شكاوى|بلاغ|بلاغا|بلاغًا|بلاغات|ضحية|عملية|' +
  // Counted nouns (`days`, `items`) in Persian.
  'حرف|نویسه|کاراکتر|کلمه(?! عبور)|امتیاز|تومان|ریال|نفر|کاربر|دقیقه|ساعت|روز|سال|ماه|هفته|ثانیه|صفحه|سطر|قدم|کیلومتر|متر|لیتر|گرم|بار|عدد|درصد|پیام|سکه|کالری|' +
  'مورد|شکایت|تلاش|قربانی|پرونده|پېښې|شکایتونه|شکایات|واقعات|کیس|حاڵەت|سکاڵا|' +
  // Counted nouns (`days`, `items`) in Hebrew.
  'תווים|מילים|אותיות|נקודות|שקל(?:ים)?|ש[״"]ח|אנשים|איש|משתמשים|לקוחות|חברים|דקות|שעות|שניות|ימים|שבועות|חודשים|שנים|שנה|עמודים|שורות|צעדים|ק[״"]מ|קילומטר(?:ים)?|מטר(?:ים)?|ליטר|גרם|מקרים|ניסיונות|תלונות|דיווחים|פעמים|יחידות|פריטים|דולר(?:ים)?|יורו|אירו|קולות|קלוריות|תמונות|קבצים';

/**
 * A lookbehind of a regular expression that matches only at the start of the text after a number, or after a blank
 * at this start.
 */
const AFTER_NUMBER = String.raw`(?<=^\s?)`;

const UNITS = `${SYMBOLS}|${Object.values(NOUNS).join('|')}|${STATISTICS}`;

/** Matches a unit, a currency or a counted noun at the start of the text after a number. */
export const UNIT_AFTER = new WordExpression(
  { words: UNITS, start: AFTER_NUMBER, end: String.raw`(?![\p{L}\p{N}])` },
  { words: COUNTERS, start: AFTER_NUMBER },
  {
    words: SEMITIC,
    start: AFTER_NUMBER,
    end: String.raw`(?:[\u064b-\u0652]ا?|ا[\u064b-\u0652])?(?![\p{L}\p{M}])`,
  },
);

/** Matches a currency at the end of the text before a number. */
export const CURRENCY_BEFORE = new WordExpression({
  words:
    'kr|rs|rs\\.|usd|eur|euro|gbp|chf|sek|nok|dkk|pln|czk|huf|ron|bgn|rub|uah|try|tl|idr|rp|vnd|thb|jpy|cny|rmb|krw|inr|brl|cad|aud|hkd|sgd|twd|ils|aed|sar|rsd|mxn|zar|[€$£¥₽₴₺₩₹₫฿₪]',
  start: `(?<![${LETTERS}])`,
  end: String.raw`\.?\s?$`,
});
