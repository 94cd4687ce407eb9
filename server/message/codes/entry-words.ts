/**
 * Verbs such as `enter` and `type`, by language, and the words that may be beside the number that the reader
 * enters. `entry.ts` has the rules that use these words.
 */

interface EntryVerbs {
  /**
   * The verbs such as `enter` of one language, as alternatives of a regular expression that are matched as whole
   * words.
   */
  readonly verbs: string;
  /**
   * Verbs such as `use` of the language of this entry. They announce only codes of digits, because a code with letters
   * may be a discount code (`use SAVE20`).
   */
  readonly use?: string;
  /**
   * Words that may follow the number and are not counted nouns (`to`, `in`), as alternatives of a regular
   * expression that are matched as whole words.
   */
  readonly next: string;
}

/** Verbs such as `enter`, by language, in languages with blanks between words. The verb precedes the number. */
export const VERBS_BEFORE: Readonly<Record<string, EntryVerbs>> = {
  en: {
    // The word `type` is also a noun (`of type 4829`). It is a verb only at the start of a sentence, or after
    // a word such as `please` or `then`.
    verbs: String.raw`pasted?|pasting|copy|copied|copying|enter(?:ed|ing)?|input|retype|(?<=^\s*|[.,;:!?]\s|(?:please|and|to|then|just|now|or|can|must|should|simply|you|next|screen|page|app)\s)type(?: in)?(?!\s?:)|typing|key(?:ing)? in|key(?= (?:this|these|the|those) )|fill in|punch(?: in)?|tap in|submit|pop|put|write|insert|transcribe|pasting in|typing in`,
    use: 'use',
    next: 'without|exactly|to|in|into|on|onto|at|as|when|if|and|or|for|below|here|now|within|inside|before|then|where|wherever|during|while|after|with|exactly|using|via|so|under|back|please|there|the next time|next time',
  },
  de: {
    verbs:
      'geben sie(?: bitte)?|gib(?: bitte)?|gebt|trage?n?|tragen sie|eintragen|einzutragen|übertrage?n?|übertragen sie|tippe?n?|tippen sie|eintippen|einzutippen|kopier(?:e|en|en sie)|eingeben|einzugeben|eingibst|eingegeben|eingabe von|übernehmen(?: sie)?|übernimm|füge?n?|fügen sie|einfügen|schreibe?n?|abtippen|schreibt|kopiert|tragt|fügt|abzutippen|erfasse?n? sie|tippt|drucken sie|einzufügen|gebt ein',
    use: 'verwenden sie|nutzen sie|verwende|nutze|benutze|benutzen sie',
    next: 'ein|in|im|ins|auf|als|zur|zum|zu|um|an|am|bei|beim|und|oder|hier|jetzt|bitte|innerhalb|unter|für|damit|dort|dann|unten|wenn|sobald|ab|vor',
  },
  lb: {
    verbs:
      'gitt(?: w\\.e\\.g\\.)?|gëff|tippt?|tipp|aginn|anzeginn|kopéiert?|setzt|schreift|droen|dréit|schreif|fëllt|dréckt',
    use: 'benotzt?',
    next: 'an|am|op|fir|a|oder|hei|elo|wann|als|bei',
  },
  fr: {
    verbs:
      'saisis|entre|tape|taper|entrer|collez|colle|coller|copiez|copie|copier|recopie[rz]?|saisissez|saisir|entrez|tapez|indique[rz]?|renseigne[rz]?|introdui(?:s|sez|re)|reporte[rz]?|inscri(?:s|vez|re)|insére[rz]|compose[rz]?|note[rz]|écrivez|écris|écrire|insère|transcri(?:s|vez|re)|rentre[rz]?|pianote[rz]?',
    use: 'utilisez|utilise',
    next: String.raw`pour|sur|dans|à|au|aux|afin|et|ou|lorsque|lors|quand|comme|ici|en|puis|sous|avant|là|où|maintenant|ci-dessous|si|via|lorsqu|d['’]ici`,
  },
  es: {
    verbs:
      'introduzcas?|copi[ae]n?|copiar|pega|pegue|pegar|tecle[ae]n?|teclear|digit[ae]n?|digitar|digites|escribir|introduzcan?|introduce|introducir|introdúce\\p{L}{0,3}|ingrese[ns]?|ingresa|ingresar|ingrésal\\p{L}{0,2}|escribe|escriban?|escríbel\\p{L}{0,2}|anota|pon|ponga|poner|poné|ingresá|escribí|copiá|pegá|tecleá|introducí|ponlo|cópialo|pégalo|(?:copiar|pegar|escribir|introducir|ingresar|teclear|digitar)l[oa]s?|rellena|teclear|mete|marca|introducid|escribid|teclead|ingresad|digitá|digitad|copiad|peguen|pegad|anote[ns]?|anotá|anotad|tipe[aeá]n?|tipear|tipees|inserta|inserten?|insertá|insertar|insertad|rellene[ns]?|rellená|rellenad|transcrib[aeí]n?|transcribir|coloc[aá]|coloque[ns]?|colocar|colocad|pongan|poned|meté|meted|(?:ingresa|copia|pega|escribi|introduci|teclea|digita|tipea|pone)l[oa]s?',
    use: 'use|usa|utilice|utiliza',
    next: 'tal|para|en|y|e|o|al|a|cuando|como|aquí|allí|ahí|donde|si|dentro|ahora|antes|cuanto|durante|abajo|desde|por',
  },
  gl: {
    verbs:
      'introduce|introduza|introducir|escribe|escriba|escribir|teclea|teclee|teclear|copia|copie|copiar|pega|pegue|insire|insira|introduzan|escriban|dixit[ae]n?|poña|poñan|copien|peguen',
    use: 'use|usa|utiliza|utilice',
    next: 'para|en|no|na|nos|nas|e|ou|cando|como|aquí|onde|se|agora|antes|ao|á|dentro',
  },
  pt: {
    verbs:
      'digit[ae]m?|digitar|digitá-\\p{L}+|inserir|insere|insiram?|introduz|introduzir|introduza[ms]?|introduzi-\\p{L}+|escrev[ae]m?|escrever|copi[ae]m?|copiar|col[ae]|colar|preench[ae]|preencher|informe|informar|coloque|ponha|tecle|digitai|colem|coloca|colocar|coloquem|põe|ponham|pôr|preencham|informem|teclem|anot[ae]m?|transcrev[ae]m?|redigit[ae]m?|(?:digite|insira|copie|cole|introduza|escreva|coloque|informe)-[oa]s?|digitando|inserindo|passe para',
    use: 'use|utilize|usa',
    next: 'para|em|no|na|nos|nas|e|ou|ao|à|a|quando|como|aqui|onde|se|dentro|agora|antes|durante|abaixo|neste|nesta|por',
  },
  it: {
    verbs:
      '(?:digitar|copiar|incollar|scriver|riportar|trascriver|immetter)l[oiae]|digitare|scrivi|scriva|scrivere|scrivete|incoll[aoi]|incollare|copi[ao]?|copiare|ricopi[ao]?|ricopiare|inserisci\\p{L}{0,2}|inserisca|inserire|inserirl[oiae]|inserite|immetti|immettere|immetta|digit[aoi]|digitate|riport[ai]|riportare|trascriv[ia]|trascrivere|compil[ai]|copiate|incollate|immettete|riportate|trascrivete|compilate|ricopiate|riscriv[aei]|riscrivete|(?:digit[ai]|copia|scrivi|incolla|immetti|ricopia|riporta)l[oiae]',
    use: 'usa|usi|utilizza|utilizzi',
    next: 'per|nel|nella|nello|nell|sul|sulla|sull|su|in|e|ed|o|quando|come|qui|al|alla|all|entro|dove|se|ora|adesso|prima|durante|sotto|subito|a',
  },
  'ca, oc': {
    verbs:
      'escriu|escriure|escriviu|escrigueu|introduir|enganxa|enganxeu|copia|copieu|copiar|introduïu|introdueix|introduïx|introduïr|teclegeu|tecleja|teclejar|poseu|picatz|picar|escrivètz|còpia|copiatz|sasissètz|sasir|introdueixi[ns]?|escrigui[ns]?|teclegin?|copiïn?|enganxin?|insereix|inseriu|insereixi|anot[ae]u?|digit[ae]u?|escriga|copie|introduïsca|teclege',
    use: 'useu|utilitzeu|utilitza',
    next: 'per|a|al|en|i|o|quan|com|aquí|dins|on|si|ara|abans|durant|exactament|dins|sus|e',
  },
  nl: {
    verbs:
      'vul|vult|invullen|in te vullen|toets|toetsen|plak|plakken|kopieer|kopiëren|tik|tikt|intikken|voer|voert|invoeren|in te voeren|typ|typt|typen|intypen|in te typen|neem|overnemen|over te nemen|overtypen|ingeven|geef|toetst|kopieert|plakt|schrijf|schrijft',
    use: 'gebruik',
    next: 'in|op|om|als|en|of|bij|voor|hier|binnen|wanneer|aan|hieronder|daarna|nu|tijdens|zodra|over',
  },
  fy: {
    verbs: 'typ|typ(?:e|je)|fier|folje?|yntype|ynfolje|tik',
    use: 'brûk',
    next: 'yn|op|om|as|en|of|by|hjir',
  },
  sv: {
    verbs:
      'klistra in|skriv(?:a|er)?|skriv(?:a|er)? in|slå in|knappa(?: in)?|ange|anger|mata in|fyll i|fylla i|kopiera|ange(?:s|r)?|mata|knacka in|sätt in|för in|lägg in|uppge|tryck in|skriver in|tangenta in',
    use: 'använd',
    next: 'den|exakt|för|i|på|och|eller|när|som|här|inom|vid|nedan|nu|om|under|så|till|innan|där',
  },
  'nb, nn, da, fo': {
    verbs:
      'lim inn|lime inn|indtaste[rs]?|taste inn|taste ind|skrive inn|indsæt|indsætte|kopi[eé]re?|kopier|tast|tast ind|skriv inn|tast inn|tastar inn|oppgi|opplys|indtast|skriv|skrive|skriva|skriv ind|angiv|legg inn|legge inn|sæt|sætte|sett inn|før inn|fyll inn|fyll ut|udfyld|slå inn|skriva inn|taste|lim|set inn|inntast|inntøppa|tøppa inn|skrivið|slå ind|indfør|før ind|læg ind|trykk inn|tryk ind|putt inn|skriver inn|skriver ind|set ind|tastar|knapp inn',
    use: 'bruk|brug|benytt?|brúka',
    next: 'for|i|på|og|eller|når|som|her|innen|inden|ved|nedenfor|nå|nu|no|hvis|viss|under|så|til|før|at|der|um|á|tá',
  },
  is: {
    verbs:
      '(?:slá|slærð|sláðu|sláið|skrifaðu|skrifið|skrifa|límdu|límið|líma|stimplaðu|stimplið|stimpla|færðu|færið|færa|afritaðu|ritaðu|ritið|settu)(?: inn)?|setjið inn|afritið|skráðu|skráið|fyllið út|fylltu út|hamraðu inn|pikkaðu inn',
    use: 'notaðu|notið',
    next: 'á|í|til|og|eða|þegar|sem|hér|innan|við|fyrir|að|núna|áður|inn',
  },
  fi: {
    verbs:
      'naput(?:a|ella|taa|at|telemalla)|liitä|liittää|kopioi|kopioida|kopioimaan|syöttämä\\p{L}{0,4}|syöttää|syötät|syötä|syöttäkää|anna|antaa|antakaa|kirjoit(?:a|taa|at|takaa|tamalla|ettava)|näppäil(?:e|lä|et)|täytä|lisää|näppäilkää|näppäilkäätte|naputtele|naputelkaa|naputtakaa|kopioikaa|liittäkää|lisätkää|täyttäkää|syöttäkäätte|syötetään|syötettävä|annettava|näppäiltävä',
    use: 'käytä',
    next: String.raw`osoitteessa|ja|tai|kun|niin|jotta|heti|nyt|tähän|tänne|alle|ennen|\p{L}+(?:ksesi|ksenne|kseen|ssa|ssä|lla|llä|lle|(?:aa|ee|ii|oo|uu|yy|ää|öö)n|h[aeiouyäö]n|essa|essä|ällä|ellä)`,
  },
  et: {
    verbs:
      'kleebi(?:ge)?|kleepida|trüki(?:ge)?|trükkida|kirjuta(?:ge|da)?|kopeeri(?:ge|da)?|sisesta(?:ge|da|ma|tud)?|sisestades|toksi(?:ge|da)?|tipi(?:ge)?|lisa(?:ge)?|täida|täitke|sisestate|pane|pange|trükkige|kleepige|tippi(?:ge)?|sisestagem|sisestada|tippida',
    use: 'kasuta(?:ge)?',
    next: String.raw`et|ja|või|kui|ning|siia|siin|kohe|nüüd|enne|\p{L}+(?:[es]es|el|al|ile|ele|ale|sse|seks|miseks|ks)`,
  },
  lv: {
    verbs:
      'ielīmē(?:jiet|t)?|ierakst(?:i|iet|īt|a|āms)|ievadīt|ievad(?:i|iet|ot|a|āms|āmi|īšanai)?|ievadi(?:et)?|jāievada|jāieraksta|pārrakst(?:i|iet|īt)|pārkopē(?:jiet)?|nokopē(?:jiet)?|kopē(?:jiet)?|rakst(?:i|iet|īt)|uzrakst(?:i|iet)|ieliec(?:iet)?|(?:ie)?druk(?:ā|ājiet|āt)|aizpild(?:i|iet)|iespied(?:iet)?|pierakst(?:i|iet)|ievadām|iekop(?:ē|ējiet)',
    use: 'izmanto(?:jiet)?',
    next: String.raw`lai|un|vai|kad|ja|šeit|zemāk|tagad|pirms|kā|\p{L}+(?:[āēīū]|ajā|ās|os)`,
  },
  lt: {
    verbs:
      'įklijuok(?:ite)?|įklijuoti|įrašy(?:k|kite|ti)|įves(?:ti|kite|k|dami)|suves(?:ti|kite|k)|surink(?:ite|ti)?|įvedate|perrašyk(?:ite)?|nukopijuok(?:ite)?|parašyk(?:ite)?|rašyk(?:ite)?|užpildyk(?:ite)?|reikia įvesti|kopijuok(?:ite)?|įdėk(?:ite)?|(?:į|at)?spausdink(?:ite)?|užrašyk(?:ite)?|įveskime|įrašome|įspausk(?:ite)?|iveskite|irasykite',
    use: '(?:pa)?naudok(?:ite)?',
    next: String.raw`ir|ar|arba|kad|jei|kai|čia|žemiau|dabar|prieš|kaip|į|per|\p{L}+(?:je|uose|ėse|dami)`,
  },
  pl: {
    verbs:
      'wpis(?:ać|z|zcie|ując)|wpisz|wklej(?:cie|ić)?|wprowadz?ić|wprowadź(?:cie)?|przepisz(?:cie)?|przepisać|poda(?:ć|j|jcie)|skopiuj(?:cie)?|skopiować|wstaw(?:ić)?|wstukaj|wystukaj|wbij|uzupełnij|umieść|przenieś(?:cie)?|kopiuj(?:cie)?|wstawcie|wystukajcie|wstukajcie|wklep(?:cie|ać)?|napisz(?:cie)?|napisać|wpisuj(?:e|esz|emy|cie)?|umieśćcie|zapisz(?:cie)?|nabij(?:cie)?|wydrukuj|wpisanie|wprowadzamy|podajemy|uzupełnijcie',
    use: 'użyj(?:cie)?',
    next: 'z|dokładnie|aby|żeby|by|w|we|na|i|oraz|lub|albo|do|jako|przy|podczas|tutaj|tu|tam|poniżej|teraz|gdy|kiedy|jeśli|przed|celem|w celu',
  },
  'cs, sk': {
    verbs:
      'zadat|zadať|zadáte|zadávejte|zadejte|zadej|zadaj|zadajte|napiš|napíš|napište|napíšte|napsat|napísať|vlož|vložte|vložit|vložiť|vepiš|vepište|vepsat|vpíš|vpíšte|opiš(?: si)?|opište|opíšte|opsat|opísať|odpíš|odpíšte|přepiš|přepište|prepíš|prepíšte|zkopíruj(?:te)?|skopíruj(?:te)?|kopíruj(?:te)?|vyplň(?:te)?|vyťukej(?:te)?|vyťukaj(?:te)?|naťukej(?:te)?|uveď(?:te)?|doplň(?:te)?|zadání|zadanie|zadávat|vypiš(?:te)?|zapiš(?:te)?|vypíš(?:te)?|zapíš(?:te)?|opíš(?: si)?|naťukaj(?:te)?|prilep(?:te)?|přilep(?:te)?|vlep(?:te)?|piš(?:te)?|píš(?:te)?|zadávej|zadávaj(?:te)?|vtipuj(?:te)?|natypuj(?:te)?|zanes(?:te)?|vytiskněte|vytlačte',
    use: 'použijte|použij|použite|použi',
    next: 'pro|v|vo|ve|na|do|a|nebo|alebo|abyste|aby|jako|ako|k|ke|ku|při|pri|zde|sem|tu|tam|pre|po|během|počas|nyní|teraz|když|keď|před|pred|níže|nižšie',
  },
  hu: {
    verbs:
      'írd(?: be)?|írja(?: be)?(?: az?)?|írjátok be|beírni|beírja|beírnia|beírd|beírandó|illeszd be|illessze be|beilleszteni|gépeld(?: be)?|gépelje(?: be)?|begépelni|pötyögd be|írd be(?: az?)?|adja meg(?: az?)?|add meg(?: az?)?|megadni|megadnia|üsse be|üsd be|beütni|másold(?: be| ide| át)?|másolja(?: be| ide| át)?|bemásolni|vidd be|vigye be|bevinni|kérjük be|írják be|írjuk be|gépeljétek be|gépeljék be|gépelj be|pötyögje be|adjátok meg|adják meg|üssétek be|üssék be|másoljátok be|másolják be|illesszétek be|illesszék be|vigyétek be|vigyék be|tedd be|tegye be|rakd be|helyezd be|nyomd be|nyomja be|kopogd be|töltsd ki|töltse ki|írd át|írja át',
    use: 'használja|használd',
    next: String.raw`számsort|számot|számjegyeket|kódot|a|az|és|hogy|vagy|itt|ide|most|ha|amikor|\p{L}+(?:hez|hoz|höz|ban|ben|ba|be|ra|re|kor|nál|nél)`,
  },
  ro: {
    verbs:
      'scrie|scrieți|scrieţi|tastea(?:ză|ze)|tastați|tastaţi|tastezi|lipește|lipiți|lipeşte|copiaz[ăa]|copiați|copiaţi|introduce(?:ți|ţi|ti|re|rea)|introdu|introduci|introduceti|completează|completați|completaţi|inserează|inserați|trece|treceți|tipări(?:ți|ţi)?|tipărește|tipăreşte|transcri(?:e|eți|eţi)|inserează-l|copiază-l|introdu-l|tastează-l|lipeşti|scrieti|introduceti|tastati|copiati|lipiti',
    use: 'folosiți|folosește|utilizați',
    next: 'exact|pentru|în|in|pe|și|si|sau|la|când|cand|ca|aici|acolo|unde|acum|dacă|mai jos|înainte',
  },
  bg: {
    verbs:
      'постави|поставете|напиши|напишете|копирай(?:те)?|набери|наберете|набирате|въведете|въведи|въвеждате|да въведете|впишете|впиши|препишете|препиши|изпишете|попълнете|попълни|запишете|изпиши|запиши|напечата(?:й|йте)|отпечата(?:й|йте)|вкара(?:й|йте)|нанес(?:и|ете)|пренес(?:и|ете)|препечата(?:й|йте)',
    use: 'използвайте|използвай',
    next: 'за|в|във|на|и|или|когато|като|тук|сега|ако|при|до|преди|по-долу|да|там|където',
  },
  mk: {
    verbs:
      'внесете|внеси|внесувате|впишете|впиши|напишете|напиши|ископирај(?:те)?|копирај(?:те)?|залепете|отчукајте|вметнете|препишете|залепи|отчукај|вметни|пополн(?:и|ете)|внесувај|куцај(?:те)?|испечат(?:и|ете)|отпечат(?:и|ете)',
    use: 'користете|искористете',
    next: 'за|во|на|и|или|кога|како|тука|овде|сега|ако|при|до|да|каде',
  },
  'ru, uk, be': {
    verbs:
      'ввести|ввода|вводите|введите|введи|введённ\\p{L}+|вставь(?:те)?|встав(?:те)?|вставить|вставити|впиши(?:те)?|вписать|вписати|напиши(?:те)?|написать|набери|наберите|набрать|набрати|наберіть|уведіть|уведи|увести|укажите|указать|введіть|вводити|вкажіть|впишіть|скопируй(?:те)?|скопировать|скопіюй(?:те)?|скопіювати|перепиши(?:те)?|перепишіть|заполни(?:те)?|заповніть|перенесите|перенесіть|[уў]вядзі(?:це)?|[уў]ведзіце|[уў]весці|[уў]пішы(?:це)?|[уў]пісаць|напішы(?:це)?|набярыце|набяры|скапіруй(?:це)?|устаўце|пазначце|перапішыце|впечатай(?:те)?|вбей(?:те)?|(?:на|в|от|пере)?печатай(?:те)?|(?:на|в|от|пере)печатать|копируй(?:те)?|укажи|вбить|забей(?:те)?|занес(?:и|ите)|внес(?:и|ите)|перенеси|простав(?:ь|ьте)|запишите|пропиш(?:и|ите)|вводи|вводите|вводьте|(?:на|в|пере|роз|за)?друкуй(?:те|це)?|(?:на|в|пере)друкувати|напишіть|упишіть|копіюй(?:те|це)?|устав(?:те)?|вкажи|укажіть|внесіть|занесіть|перенеси|вбий(?:те)?|запишіть|скапіюй(?:це)?|устаў|укажыце|перапішы|запоўніце|унясі(?:це)?|напісаць|надрукаваць|увядзем',
    use: 'используйте|используй|використайте|використовуйте|выкарыстайце|скарыстайце',
    next: 'чтобы|для|в|во|на|и|или|когда|как|здесь|сейчас|если|при|до|ниже|там|где|щоб|у|і|й|та|або|коли|як|тут|зараз|якщо|нижче|під|по|с|каб|ў|калі|дзе|цяпер',
  },
  'hr, bs, sr, sl': {
    verbs:
      'upiši(?:te)?|upisati|unes(?:i|ite|ete|eš)|unijeti|uneti|ukucaj(?:te)?|ukucati|otkucaj(?:te)?|vnes(?:i|ite|ti|ete)|vpiši(?:te)?|vpisati|vtipkaj(?:te)?|utipkaj(?:te)?|natipkaj(?:te)?|tipkaj(?:te)?|prepiši(?:te)?|prepisati|kopiraj(?:te)?|prekopiraj(?:te)?|zalijepi(?:te)?|nalepi(?:te)?|zalepi(?:te)?|prilepi(?:te)?|napiši(?:te)?|popuni(?:te)?|navedi(?:te)?|унеси(?:те)?|унесете|унети|упиши(?:те)?|укуцај(?:те)?|откуцај(?:те)?|налепи(?:те)?|прекопирај(?:те)?|препиши(?:те)?|унијети|otipkaj(?:te)?|odtipkaj(?:te|ta)?|pretipkaj(?:te|ta)?|prekucaj(?:te)?|ispiši(?:te)?|ispuni(?:te)?|izpolni(?:te|ta)?|umetni(?:te)?|vstavi(?:te|ta)?|zapiši(?:te|ta)?|(?:vnesi|vpiši|prepiši|prilepi|napiši)ta|(?:vtipkaj|natipkaj|kopiraj|prekopiraj)ta|уписати|прекуцај(?:те)?|попуни(?:те)?|наведи(?:те)?|одштампај(?:те)?|odštampaj(?:te)?|natisni(?:te|ta)?|nalijepi(?:te)?|unosite|upisujte',
    use: 'koristite|upotrijebite|upotrebite|uporabite|користите',
    next: 'i tvoj|točno|tačno|za|u|na|i|in|ili|ali|kada|kad|ko|kao|kot|kjer|gdje|gde|ovdje|ovde|tukaj|sada|zdaj|ako|če|pri|da|v|kako|prije|pre|prilikom|за|у|на|и|или|када|као|овде|сада|ако|при|да|како',
  },
  el: {
    verbs:
      'γράψε|γράψτε|γράψετε|βάλε|βάλτε|πληκτρολόγησ(?:ε|τε)|πληκτρολογ(?:ήστε|ήσετε|ήσεις|είτε)|εισήγαγε|εισαγάγ(?:ετε|εις)|εισάγ(?:ετε|εις|ε)|εισαχθεί|επικόλλησε|επικολλήσ(?:τε|ετε)|αντίγραψ(?:ε|τε)|αντιγράψ(?:τε|ετε|εις)|συμπλήρωσε|συμπληρώσ(?:τε|ετε)|καταχώρισε|καταχώρησε|καταχωρ(?:ίστε|ήστε|ίσετε|ήσετε)|πέρασε|περάστε|εισάγαγε|τύπωσε|τυπώστε|βάζετε|εισάγοντας|γράφετε|πληκτρολογώντας',
    use: 'χρησιμοποιήστε|χρησιμοποίησε',
    next: 'για|στο|στη|στην|στον|στα|σε|και|ή|όταν|όπου|ως|εδώ|τώρα|αν|ώστε|πριν|παρακάτω|κατά|μέσα',
  },
  tr: {
    verbs:
      'giriniz|girin|girmeniz|girmen|girilmesi|yazın|yazınız|yazmanız|tuşlayın|tuşlayınız|kopyalayın|yapıştırın|gir|yaz|tuşla|girmek|yazmak|tuşlayarak|giriverin|girmelisin(?:iz)?|yazmalısın(?:ız)?|tuşlamalısın(?:ız)?|kopyala|yapıştır|kopyalayınız|yapıştırınız',
    next: 've|veya|ya|için|ile|olarak',
  },
  'az, uz, tk': {
    verbs:
      "daxil (?:edin|et|etmək|etməyiniz)|yazın|köçürün|yığın|kiriting|kirit|kiritish|yozing|tering|terib|koʻchiring|ko[‘’ʻʼ']chiring|giriziň|ýazyň|göçüriň|yapışdırın|yığ|köçür|nusxalang|qoʻying|qo[‘’ʼ'`]ying|yoz|kopyalayın",
    next: 'və|ya|və ya|üçün|va|yoki|uchun|we|ýa-da',
  },
  'kk, ky, tg, tt, mn': {
    verbs:
      'енгізіңіз|енгіз|енгізу|теріңіз|теріп|жазыңыз|көшіріңіз|киргизиңиз|киргиз|териңиз|терип|жазыңыз|көчүрүңүз|ворид кунед|дохил кунед|нависед|гузоред|ворид|кертегез|языгыз|җыегыз|оруулна уу|оруулаарай|оруулах|оруул|бичнэ үү|бичээрэй|шивнэ үү|хуулна уу|хийнэ үү|енгізіңіздер|теріңіздер|жазыңыздар|киргизгиле|чоп кунед|нусха бардоред|хуулаарай|шивээрэй',
    next: 'үшін|және|немесе|үчүн|жана|же|барои|ва|дар|ба|өчен|һәм|ба',
  },
  ku: { verbs: 'binivîse|binivîsin|têkeve|bikeve|têxe|kopî bike', next: 'ji|di|li|û|an|bo' },
  vi: {
    verbs: 'gõ|dán|điền|nhập|nhập vào|gõ vào|chép|sao chép|ghi|gõ lại|nhập lại|điền vào|đánh vào|bấm vào ô',
    use: 'dùng|sử dụng',
    next: 'để|vào|và|hoặc|trên|trong|tại|khi|ở|làm|nếu|ngay|trước|bên',
  },
  'id, ms, jv, su': {
    verbs:
      'tekan(?:kan|lah)?|ketik(?:kan|lah)?|mengetik(?:kan)?|tempel(?:kan)?|tampal(?:kan)?|taip(?:kan|lah)?|menaip|isi(?:kan|lah)?|mengisi|salin(?:kan|lah)?|masuk(?:k)?an|memasukkan|dimasukkan|input|tulis(?:kan)?|lebok(?:na|ake|no)|lebetkeun|lebetaken|tulisen|serat(?:keun|aken)?|ketiken|tulislah|inputkan|ketikkan|taipkanlah|tuliskanlah|lebokake|ngetik|ketikake|tuliskeun|asupkeun',
    use: 'gunakan|guna|pakai',
    next: 'pada|dalam|sebelum|untuk|di|ke|dan|atau|saat|ketika|sebagai|agar|sini|jika|sekarang|guna|bagi|ing|kanggo|dina|pikeun|supaya|supados',
  },
  'fil, ceb': {
    verbs:
      'ilagay|i-type|i-enter|itype|ipasok|maglagay|i-paste|kopyahin|isulat|ilimbag|i-key in|isulod|ibutang|i-input|i-encode|itipa|pakilagay|pakisulat|paki-type|paki-enter|i-tipa|isulat po|ilagay po',
    use: 'gamitin|gamita',
    next: 'para|sa|at|o|dito|ngayon|bago|kung|kapag|upang|aron|ug|diha',
  },
  af: {
    verbs: 'tik|voer|sleutel|intik|kopieer|plak|vul|invoer|in te tik|skryf|tik in|sleutel in|voer in',
    use: 'gebruik',
    next: 'in|om|op|as|en|of|by|hier|binne|wanneer|waar|nou|presies',
  },
  cy: {
    verbs:
      'rhowch|rho|(?:t|d|th)eip(?:iwch|ia|io)|roi|rhoi|nodwch|noda|mewnbynnwch|copïwch|copïa|gludwch|ysgrifennwch|llenwch|gluda|ysgrifenna|dodwch|teipio|dodwch i mewn',
    use: 'defnyddiwch',
    next: 'i|ar|yn|yng|a|neu|pan|yma|nawr|os|lle|mewn',
  },
  'ga, gd': {
    verbs:
      'cuir(?: isteach)?|cuirigí isteach|clóscríobh|iontráil|cóipeáil|greamaigh|scríobh|cuir a-steach|cuiribh a-steach|sgrìobh(?:aibh)?|taidhp|lethbhric|clóscríobhaigí|iontrálaigí|cóipeálaigí|scríobhaigí|líon isteach|buail isteach|greamaígí',
    use: 'úsáid|cleachd',
    next: 'isteach|chun|ar|i|sa|san|agus|nó|nuair|anseo|anois|má|a-steach|airson|ann|is|far',
  },
  br: { verbs: 'skrivit|skriv|bizskrivit|bizskriv|eilit|lakait', next: 'evit|e|er|war|ha|pe|amañ|bremañ' },
  eu: {
    verbs:
      'sartu|idatzi|tekleatu|kopiatu|itsatsi|sartzeko|idazteko|sar (?:ezazu|itzazu|itzazue|ezazue)|idatz (?:ezazu|itzazu|itzazue|ezazue)|tekleatu itzazu',
    use: 'erabili',
    next: String.raw`eta|edo|hemen|orain|gero|\p{L}+(?:eko|tzeko|ean|an|ra)`,
  },
  mt: {
    verbs:
      'daħħal|daħħlu|iddaħħal|iddaħħlu|ittajpja|ittajpjaw|tittajpja|ikteb|iktbu|tikteb|ikkopja|ikkopjaw|ibgħat|niżżel',
    use: 'uża|użaw',
    next: 'fil|fuq|f|u|jew|biex|meta|hawn|issa|fl|fit|fis|ġo',
  },
  sq: {
    verbs:
      'futni|fut|shkruaj(?:eni)?|shkruani|shkruajini|vendos(?:ni)?|kopjo(?:ni)?|ngjit(?:ni)?|shtyp(?:ni)?|jepni|shëno(?:ni)?|futeni|plotëso(?:ni)?|shtypini|jepni',
    use: 'përdor(?:ni)?',
    next: 'për|në|te|tek|dhe|ose|kur|ku|si|këtu|tani|nëse|brenda|që|sipër|poshtë',
  },
  eo: {
    verbs: 'entajpu|tajpu|enigu|enskribu|kopiu|algluu|skribu|enmetu',
    use: 'uzu',
    next: 'en|sur|por|kaj|aŭ|kiam|ĉi|nun|ĉe',
  },
  ht: {
    verbs: 'antre|tape|kopye|kole|ekri|mete|rantre',
    use: 'sèvi ak',
    next: 'nan|sou|pou|ak|oswa|lè|isit|kounye|kote',
  },
  sw: {
    verbs:
      'weka|ingiza|andika|chapa|nakili|bandika|jaza|kuingiza|kuandika|uingize|uandike|wekeni|ingizeni|andikeni|chapeni|nakilini|bandikeni|jazeni',
    use: 'tumia',
    next: 'ili|kwenye|katika|na|au|hapa|sasa|kabla|ndani|mahali|unapo\\p{L}*',
  },
  'zu, xh': {
    verbs:
      'faka|fakani|ufake|ngenisa|ungenise|thayipha|uthayiphe|bhala|bhalani|kopisha|namathisela|chwetheza|uchwetheze|gcwalisa|tayipa|cofa|ngenisani|thayiphani|ungenise',
    use: 'sebenzisa',
    next: String.raw`ku-?\p{L}*|e\p{L}+|ukuze|ukuba|ukuthi|noma|okanye|kwi-?\p{L}*|lapha|apha|manje|ngaphambi|kule\p{L}*|kulo\p{L}*|ngoku`,
  },
  'st, tn, sn, rw': {
    verbs:
      'kenya|thaepa|tlanya|tsenya|ngola|kopitsa|isa|nyora|taipa|pinza|andika|injiza|shyiramo|kopa|shyira|andukura',
    next: 'ho|mo|mokgweng|hore|kapa|fa|mu|kuti|kana|pa|muri|kugira|cyangwa|hano|ubu|kuri',
  },
  'so, ha, yo, ig, mg, mi': {
    verbs:
      'geli|gali|ku qor|qor|geliya|ku dheji|soo guuri|shigar da|shigar|shigarda|rubuta|buga|saka|kwafa|cika|tẹ|tẹ̀|tẹ̀ sínú|kọ|tinye|pịnye|dee|detuo|mado|ampidiro|soraty|soratana|apetraho|adikao|tāuruhia|patohia|tuhia|pato|tāpirihia|whakaurua',
    next: "si|ee|oo|ama|bogga|barnaamijka|don|a|cikin|ko|domin|sí|sínú|láti|àti|tàbí|ka|na|iji|maka|ma ọ bụ|ao|amin[’']ny|mba|na ao|sy|ki|kia|i|me|hei",
  },
};

/**
 * Verbs such as `enter` in languages that have no blanks between words, or that attach prefixes to words.
 * These verbs are also matched within words.
 */
export const VERBS_UNSPACED = [
  // Verbs such as `enter` in Arabic, Persian, Pashto, Kurdish (Sorani), Urdu, Sindhi and Uyghur.
  'ألصق|[أا]دخل|إدخال|تدخل|[أا]كتب|الكتابة|كتابة|[أا]نسخ|انسخ|تكتب|يُدخل|أضف|انقل|نقل|املأ|ضع |طباعة|الصق|[اأ]طبع|طبع |ضعي |ضعوا|دوّ?ن |سجّ?لو?ا? |املئي|املؤوا|دخّ?ل |[أا]درج',
  'وارد کن|وارد نما|وارد شود|وارد کردن|درج کن|تایپ کن|بنویس|کپی کن|بچسبان|درج نما|تایپ نما|وارد فرما|چاپ کن|رونویسی کن|پر کنید|ثبت کنید|قرار دهید|بگذارید|نسخه‌?برداری کن',
  'دننه کړ|داخل کړ|ولیک|ټایپ کړ|ټایپ|کاپي کړ|درج کړ|ننباس',
  'بنووسە|بنووسن|داخڵ بکە|داخڵ بکەن|بنوس|تێبکە|لێبدە',
  'درج کر|درج کیج|داخل کیج|ٹائپ کیج|لکھو|ڈالو|بھریں|نقل کر|داخل کر|لکھ د|لکھ ک|لکھیں|لکھئے|لکھیے|ڈالیں|ڈالیے|ٹائپ کر|کاپی کر|پیسٹ کر|داخل ڪر|لکو|ٽائيپ|ڪاپي',
  'كىرگۈزۈڭ|يېزىڭ|كىرگۈز',
  // Verbs such as `enter` in Hebrew and Yiddish.
  'להזין|הזינו?|הזיני|הזנת|הקישו?|הקישי|להקיש|להקליד|הקלידו?|הקלידי|הקלדת|הדביקו?|הדביקי|להדביק|העתיקו?|העתיקי|להעתיק|הכניסו?|הכניסי|להכניס|רשמו|כתבו|הזן |הקלד |הקש |העתק |הדבק |הכנס |הדפיסו?|הדפיסי|תזינו?|תזיני|תקלידו?|תקלידי|תקישו?|תקישי|תכניסו?|תעתיקו?|תדביקו?|לרשום|לכתוב|רשמי |כתבי |מלאו |אריינשרייבט?|שרייבט? אריין|קלאַפּט',
  // Verbs such as `enter` in languages of India, Nepal, Bangladesh and Sri Lanka.
  'दर्ज|अंकित क|एंटर क|नकल क|चिपका|डालो|लिखो|भरो|छापें|डालें|डालिए|डालिये|डालना|भरें|भरिए|टाइप|टाईप|लिखें|लिखिए|प्रविष्ट|प्रवेश क|कॉपी|पेस्ट|इनपुट|टाका|टाकावा|टाकावी|टाकायच|भरा(?![\\p{L}\\p{M}])|नोंदवा|लिहा|हाल्नु|हाल्नुहोस्|राख्नु|लेख्नु|भर्नु|हालेर',
  'লিখুন|লিখে|লেখ|টাইপ|ইনপুট|বসান|প্রবেশ করান|কপি|পেস্ট|এন্টার|প্রবেশ করাও|বসাও|পূরণ কর|নকল কর|লিখক|লিখি|দিয়ক|ভৰাওক|ভরাওক|সুমুৱাওক',
  'ਦਰਜ|ਭਰੋ|ਲਿਖੋ|ਟਾਈਪ|ਪਾਓ|ਦਾਖਲ|ਦਾਖ਼ਲ|ਕਾਪੀ|ਪੇਸਟ|ਐਂਟਰ',
  'દાખલ|ટાઇપ|ટાઈપ|લખો|નાખો|ભરો|એન્ટર|કૉપિ|કોપી|પેસ્ટ|મૂકો|ઉમેરો',
  'ପ୍ରବେଶ କର|ଲେଖନ୍ତୁ|ଟାଇପ|ଦିଅନ୍ତୁ|ଭରନ୍ତୁ|ଦାଖଲ',
  'உள்ளிட|உள்ளிடு|தட்டச்சு|பதிவிட|எழுதவும்|எழுதுங்கள்|நிரப்ப|நகலெடு|டைப்|இடவும்|ஒட்டவும்|ஒட்டுங்கள்|பதியவும்',
  'నమోదు|ఎంటర్|టైప్|రాయండి|వ్రాయండి|ఇవ్వండి|నింపండి|కాపీ|అతికించండి|ప్రవేశపెట్ట|వేయండి',
  'ನಮೂದಿಸ|ಟೈಪ್|ಹಾಕಿ|ಬರೆಯಿರಿ|ಭರ್ತಿ|ನಕಲಿಸ|ಅಂಟಿಸ|ಎಂಟರ್|ದಾಖಲಿಸ',
  'നൽകുക|നല്‍കുക|ടൈപ്പ്|രേഖപ്പെടുത്ത|എന്റർ|ചേർക്കുക|നൽകി|എഴുതുക|പകർത്ത|ഒട്ടിക്ക|നൽകൂ',
  'ඇතුළත්|ඇතුල්|ටයිප්|සටහන් කර|ලියන්න|යොදන්න|පිටපත්|අලවන්න|පුරවන්න',
  // Verbs such as `enter` in languages of Southeast Asia.
  'พิมพ์|วาง|คีย์|เขียนลง|ระบุ(?!ตัวตน)|กรอก|ป้อน|ใส่|คัดลอก|ປ້ອນ|ພິມ|ໃສ່|ຂຽນ|ກອກ|ສຳເນົາ|បញ្ចូល|វាយ|វាយបញ្ចូល|សរសេរ|ចម្លង|បំពេញ|ရိုက်ထည့်|ရိုက်|ထည့်|ဖြည့်|ရေးပါ|ကူးယူ',
  // Verbs such as `enter` in Chinese, Japanese and Korean.
  '输入|輸入|填写|填寫|填入|键入|鍵入|录入|輸進|粘贴|貼上|复制|複製|填返|填上|打入|打返|入面打|敲入|敲进|输进|录进|写入|寫入|誊写|拷贝|抄到|贴到|抄写|抄寫|填到|填进|填進',
  '入力|記入|打ち込|打込|タイプ|貼り付け|コピー|ペースト|書き込|書き写|転記|打って|入れてください|入れて下さい|お入れ',
  '입력|적어|기입|써넣|써 넣|넣어|넣으|쳐 ?주|붙여넣|복사|타이핑|적으|써 ?주|기재|치세요|옮겨 적',
  // Verbs such as `enter` in Georgian, Armenian and Amharic.
  'შეიყვანე|შეყვან|ჩაწერე|აკრიფე|ჩასვი|შეიტანე|დააკოპირე|გადაწერე|ჩაბეჭდე|დაბეჭდე|შეავსე|დაწერე|მიუთითე',
  'մուտքագր|գրեք|գրիր|հավաքեք|հավաքիր|տեղադրեք|պատճենեք|լրացրեք|ներմուծ|տպեք|տպիր|արտագրեք|նշեք',
  'ያስገቡ|አስገባ|አስገቢ|ይጻፉ|ጻፍ|ጻፊ|ይፃፉ|ይተይቡ|ይቅዱ|የሚያስገቡ|ኣእትዉ|ጸሓፉ|ኣእቱ|አስገቡ|ይለጥፉ|ይሙሉ|ተይብ|ጻፉ',
].join('|');

/**
 * Verbs such as `put`, `place` and `mark`, which are frequent in sentences that have nothing to do with codes. They
 * count as an instruction to enter a code only in a sentence that also has a noun for the code (`these digits`) and a
 * noun for the place (`the field`). The same applies to verbs such as `use`.
 */
export const VERBS_OF_PLACING = [
  'provide|supply|place|give|quote|print|dial|press|tap|mark|setzen sie|setze?n?|notieren sie|notiere|nennen sie|nenne|hinterlegen sie|benutze|benutzt|benutzen sie|setz|dréckt',
  'mettez|mets|mettre|placez|place|marquez|fournissez|imprimez|imprime|marqu[ae]n?|marcá|marcad|indic[aá]|indiquen?|complet[ae]n?|completá|apunt[ae]n?|apuntá|proporcion[ae]n?|proporcioná|imprim[aeí]n?|carg[aá]|carguen?|met[ae]n?|usá|usad|usen|utilicen|utilizá|utilizad|utilizar|usar',
  'indic[ao]|indicar|indiquem?|marquem?|passem?|forneçam?|lancem?|botem?|cadastrem?|aponte|imprima|usem|utilizem|utilize|usa|use|indich[ioe]|indicate|imposta|impostate|fornisc[ai]|stamp[ai]|mett[aei]|mettete|mettere|batt[aei]|battete|utilizzate|usate|marqueu|indiqu[ei]u?|pos[ai]|poseu|posau|feu servir|fes servir|utilitzeu|empra|empreu|emprau',
  'gebruikt?|gebruiken|druk|vermeld|vermeldt|noteert?|zet|zetten|sit|gee|använda|tryck|sätt|lägg|bruke|anvend|benytter|oplys|tryk|trykk|legg|noter|notér|angi|nota|setjið|prentaðu|prentið|notið|notaðu',
  'käyttäkää|käytä|käyttää|käytettävä|ilmoit(?:a|taa|takaa)|tulosta|tulostakaa|merkit(?:se|kää)|kirja(?:a|tkaa)|painel(?:e|kaa)|laita|laittakaa|pane|pankaa|valitse|valitkaa|vali|valige|märgi|märkige|kasuta|kasutage|kasutada|norād(?:i|iet)|uzspied(?:iet)?|nospied(?:iet)?|izmantojiet|izmanto|lieto(?:jiet)?|nurodyk(?:ite)?|padėk(?:ite)?|naudok(?:ite)?|panaudok(?:ite)?|paspausk(?:ite)?',
  'użyj(?:cie)?|użyć|wybierz(?:cie)?|naciśnij(?:cie)?|zaznacz(?:cie)?|dej(?:te)?|daj(?:te|ta)?|použij(?:te)?|použi(?:te)?|použít|použiť|natiskněte|zmáčkn(?:i|ěte)|dosaď(?:te)?|umísti|umístěte|jegyezd fel|nyomtasd ki|használja|használd|használják|használjátok|használni',
  'pune(?:ți|ţi|ti)?|bagă|băgați|culege(?:ți|ţi)?|form(?:ează|ați|aţi)|indic(?:ă|ați|aţi)|furniza(?:ți|ţi)|imprim(?:ă|ați|aţi)|not(?:ează|ați|aţi)|folosește|folosiți|folosiţi|utilizează|utilizați|utilizaţi|marchează|marcați',
  'използвай(?:те)?|ползвай(?:те)?|натисн(?:и|ете)|посоч(?:и|ете)|слож(?:и|ете)|отбележ(?:и|ете)|употреб(?:и|ете)|користете|искористете|став(?:и|ете)|притисн(?:и|ете)',
  'используй(?:те)?|использовать|воспользуй(?:ся|тесь)|нажм(?:и|ите)|помест(?:и|ите)|постав(?:ь|ьте|те)?|примени(?:те)?|використай(?:те)?|використовуй(?:те)?|використати|скористай(?:ся|теся|тесь)|застосуй(?:те)?|зазнач(?:те)?|помістіть|натисн(?:и|іть)|выкарыст(?:ай|айце|оўвайце|аць)|скарыстай(?:ся|цеся|це)|пазнач(?:це)?|пакажыце',
  'koristi(?:te|ta)?|upotrijebi(?:te)?|upotrebi(?:te)?|uporabi(?:te|ta)?|iskoristi(?:te)?|ubaci(?:te)?|utisni(?:te)?|otisni(?:te)?|stavi(?:te)?|položi(?:te|ta)?|pritisni(?:te|ta)?|користи(?:те)?|употреби(?:те)?|искористи(?:те)?|убаци(?:те)?|стави(?:те)?',
  'χρησιμοποί(?:ησε|ησέ|α)|χρησιμοποι(?:ήστε|είτε|ήσετε)|τοποθέτησε|τοποθετ(?:ήστε|είτε)|μετέφερε|μεταφέρετε|σημείωσε|σημειώστε|χτύπησε|χτυπήστε|πάτησε|πατήστε|δώσε|δώστε|δηλώστε|εκτυπώστε',
  'kullan(?:ın|ınız)?|koy(?:un|unuz)?|ekle(?:yin|yiniz)?|doldur(?:un|unuz)?|bas(?:ın|ınız)|belirt(?:in|iniz)|istifadə (?:edin|et)|qoy(?:un)?|qeyd (?:edin|et)|ishlating|foydalaning|пайдаланыңыз|қолданыңыз|қойыңыз|басыңыз|толтырыңыз|колдонуңуз|коюңуз|истифода баред|ашиглана уу|ашиглаарай|хэрэглэнэ үү|тавина уу|хэвлэнэ үү|bi kar b[îi]ne|bikar b[îi]n\\p{L}{0,2}',
  'dùng|sử dụng|viết|đánh|bấm|đặt|đưa|gunakan|guna|pakai|pakailah|gunakanlah|cetak|taruh|letakkan|tekan|pencet|catat|catatkan|cantumkan|bubuh(?:kan)?|entri|gamitin|gamita|pindutin|punan|nganggo|gunakake|pergunakan',
  'defnyddiwch|defnyddia|argraffwch|úsáid(?:igí)?|cleachd(?:aibh)?|clóbhuail|erabili|erabil (?:ezazu|itzazu)|jarri|jar (?:ezazu|itzazu)|bete|bete (?:ezazu|itzazu)|sakatu|inprimatu|uża|użaw|poġġi|poġġu|imla|imlew|waħħal|përdor(?:ni)?|jep|jepni|vër|vini|metu|uzu|presu|sèvi ak|itilize|tumia|tumieni|bonyeza|tia|sebenzisa|sebenzisani|implij(?:it)?',
].join('|');

/**
 * Verbs that mean `enter` and also `dial`, `state` or `write`. They announce a number only in a sentence that names the
 * place in which the reader enters it, or a proof of identity.
 */
export const VERBS_OF_STATING = [
  'compose[rz]?|indique[rz]?|note[rz]|écrivez|mentionne[rz]?|renseigne[rz]?|marca|marque|anot[ae]n?|pon|ponga|escrib[ae]|informe|informar|tecle|ligue|indica|riport[ai]|scriv[ia]',
  'geben sie|schreiben sie|tippen sie|wählen sie|vermeld|geef|neem|schrijf|tik|toets|ange|uppge|anger|slå|tast|oppgi|opplys|angiv|skriv|stimplaðu|skrifaðu|anna|antakaa|ilmoita|kirjoita|kirjuta|pane|norādi|rakst(?:i|iet)|surink(?:ite|ti)?|nurodyk|rašyk(?:ite)?',
  'podaj|podać|podajcie|wybierz|wystukaj|wbij|zapisz|napisz|uveď(?:te)?|napiš(?:te)?|napíš(?:te)?|zapiš(?:te)?|vyťukej(?:te)?|vyťukaj(?:te)?|adja meg|add meg|üsse be|írja|írd|scrie|scrieți|scrieţi|formați|indicați|navedi(?:te)?|napiši(?:te)?|vtipkaj(?:te)?|birajte|наведите',
  'набери|наберите|набрать|наберіть|набрати|набярыце|набирайте|укажи|укажите|указать|вкажіть|вкажи|укажіть|пазначце|запишите|запишіть|напиши(?:те)?|напишіть|посочете|наберете|запишете|напишете|внесите|впиши(?:те)?',
  'γράψ(?:ε|τε)|δηλώστε|βάλτε|tuşlayın|tuşlayınız|yazın|yığın|tering|теріңіз|териңиз|gõ|ghi|bấm|tulis(?:kan)?|ketik|isulat|i-key in|rhowch|cuir|idatzi|ikteb|shëno|shkruani|andika|bhala',
].join('|');

/** Verbs that mean `enter` and also `dial` or `state`, in languages without blanks between words. */
export const VERBS_OF_STATING_UNSPACED =
  'اكتب|أكتب|اطلب|سجّ?ل|بنویس|הקש|הקישו|חייגו|רשמו|כתבו|लिखें|डायल|লিখুন|กด|ระบุ|เขียน|按|拨|撥|打入|打って|타이핑|적어|누르|눌러|აკრიფე|հավաքեք|ይጻፉ';

/** Verbs such as `use` and `put` in languages that have no blanks between words, or that attach prefixes to words. */
export const VERBS_OF_PLACING_UNSPACED = [
  'استخدم|استعمل|حط |انقر|استفاده کن|استفاده نما|به کار بب|بزنید|بذارید|بگذار|استعمال کر|استعمال کیج|رکھیں|وکاروئ|وکاروه|بەکار|بەکاری بێنە',
  'השתמש|להשתמש|תשתמש|שימו |שימי |שים |היעזר|ניצט|באַניצט',
  'उपयोग क|इस्तेमाल क|प्रयोग ग|प्रयोग क|वापरा|वापर क|रखें|लगाएँ|लगाएं|घाला|द्या|ব্যবহার কর|রাখুন|দিন(?![\\p{L}\\p{M}])|দাও|ব্যৱহাৰ কৰ|ਵਰਤੋ|ਵਰਤੋਂ ਕਰ|વાપરો|ઉપયોગ કર|ବ୍ୟବହାର କର|பயன்படுத்த|உபயோகி|ఉపయోగించ|వాడండి|ಬಳಸಿ|ಉಪಯೋಗಿಸಿ|ഉപയോഗിക്ക|ഇടുക|භාවිත|යොදාගන්න|දමන්න',
  'ใช้|เขียน|กด|ໃຊ້|ວາງ|ກົດ|ຄັດລອກ|ប្រើ|បិទភ្ជាប់|ដាក់|ចុច|အသုံးပြု|သုံးပါ|နှိပ်',
  '使用|写到|寫到|用下|用以下|用這|用这|登錄|填報|按下|利用|使って|お使い|用いて|書いて|入れて|押して|사용하|사용해|이용하|이용해|눌러|누르|쓰세요|쓰십시오|작성하|써서',
  'გამოიყენე|ჩადე|օգտագործ|կիրառ|դրեք|ይጠቀሙ|ተጠቀም|ተጠቀሙ|ተጠቀሚ',
].join('|');

/**
 * Stems of verbs such as `enter` in languages in which the verb follows the number; and the particles and nouns
 * that may be between the number and the verb.
 */
export const VERBS_AFTER: Readonly<Record<string, { readonly verbs: string; readonly between: string }>> = {
  tr: {
    verbs: String.raw`gir(?:in|iniz|erek|ip|meniz|men)?(?!\p{L})|yaz(?:ın|ınız|arak|ıp|manız)?(?!\p{L})|tuşla(?:yın|yınız)?|kopyala|yapıştır`,
    between: `['’]?[yn]?[ıiuü]|['’]?d[ae]n|(?:sayı|rakam|numara|kod|rakamlar|karakter)\\p{L}{0,6}|şeklinde|olarak|diye`,
  },
  az: {
    verbs: 'daxil ed|daxil et|yazın|yazaraq|köçür|yığın|yığaraq',
    between: `[-'’]?n?[ıiuüae]|(?:rəqəm|ədəd|kod|nömrə|simvol)\\p{L}{0,6}|kimi`,
  },
  uz: {
    verbs: "kirit|yozing|yozib|tering|terib|ko[ʻ‘’ʼ']chir",
    between: `[-'’]?ni|(?:raqam|son|kod|belgi)\\p{L}{0,7}|deb`,
  },
  tk: { verbs: 'giriz|ýaz|göçür', between: `(?:san|belgi|kod)\\p{L}{0,6}|diýip` },
  'kk, ky, tt': {
    verbs: 'енгіз|тер(?:іңіз|іп|ің|иңиз|ип)|жаз|көшір|киргиз|көчүр|кертег|языг|җыег',
    between: String.raw`деп|дип|-?[дтн][ііыіуа]н?|(?:сан|цифр|код|нөмір|номер|таңба|белги)\p{L}{0,6}`,
  },
  mn: {
    verbs: 'оруул|бич|хуул|шив|хий(?:нэ|гээ)',
    between: String.raw`гэж|гэсэн|гэдэг|-?[ыи][йг]?г|(?:тоо|код|дугаар|тэмдэгт|цифр)\p{L}{0,5}`,
  },
  eu: { verbs: 'sartu|idatzi|tekleatu|kopiatu', between: String.raw`(?:zenbaki|kode|digitu)\p{L}{0,5}` },
  hu: {
    verbs: 'írja be|írd be|gépelje be|gépeld be|adja meg|add meg|üsse be|beírása',
    between: '-?[aeoö]?t|számot|számsort|kódot|számjegyeket|karaktereket',
  },
};

/**
 * Matches particles and nouns that may be between a number and a verb such as `enter` after the number, in
 * languages that are not written in the Latin or Cyrillic script.
 */
export const BETWEEN_UNSPACED = String.raw`[\s-]?(?:को|हा|ही|हे|लाई|(?:अंक|संख्या|नंबर|नम्बर|कोड|आकड|क्रमांक)[\p{L}\p{M}]*|(?:সংখ্যা|নম্বর|কোড|অঙ্ক)[\p{L}\p{M}]*|(?:ਨੂੰ|ਨੰਬਰ|ਅੰਕ|ਕੋਡ)|(?:ને|નંબર|અંક|કોડ|સંખ્યા)[\p{L}\p{M}]*|(?:ସଂଖ୍ୟା|କୋଡ|କୁ)[\p{L}\p{M}]*|ஐ|என்ற|என|(?:எண்|இலக்க|குறியீ)[\p{L}\p{M}]*|ను|ని|అని|(?:అంకె|సంఖ్య|కోడ్)[\p{L}\p{M}\u200c]*|ಅನ್ನು|ಎಂದು|ಎಂಬ|(?:ಸಂಖ್ಯೆ|ಕೋಡ್|ಅಂಕಿ)[\p{L}\p{M}]*|എന്ന്|എന്ന|(?:നമ്പ|സംഖ്യ|കോഡ|അക്ക)[\p{L}\p{M}]*|යන|ලෙස|(?:අංක|ඉලක්කම්|කේත)[\p{L}\p{M}]*|کو|(?:نمبر|ہندس|کوڈ)\p{L}*|دەپ|نى|را|-ს|-ը|ը|-ն|-ი|ന്|ကို|ဆို)`;
