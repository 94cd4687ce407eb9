/**
 * Words by which the server distinguishes a one-time code from other numbers, by language. docs/message.md
 * lists the languages. A new language needs an entry in `LANGUAGES` and a file of texts in
 * `test/message/codes/`.
 */

import { OTHER_CODES } from './other-codes.ts';
import { NO_CODE_AFTER, NO_CODE_SPACED, NO_CODE_UNSPACED, WITHOUT_CODE_SPACED } from './negation-words.ts';
import { qualifierOf, type Qualifier } from './qualifier.ts';
import { isIdentity, type Purpose } from './purpose.ts';
import { WHOLE_END, WHOLE_START, WORD_START } from './whole-word.ts';
import { LowerCaseExpression, splitAlternatives, WordExpression } from './word-expression.ts';

interface LanguageWords {
  /**
   * Nouns that announce a one-time code, as alternatives of a regular expression that are matched as whole
   * words.
   */
  readonly announce: string;
  /**
   * Word stems that show that a code is not a one-time code but, for example, a discount code, a postal code or a
   * customer number. A stem counts if it is next to the noun for the code, or a part of that noun.
   */
  readonly otherPurpose?: string;
  /**
   * Nouns which show that the number directly after them is not a one-time code (order, invoice, telephone
   * number).
   */
  readonly otherNumber?: string;
}

const LANGUAGES: Readonly<Record<string, LanguageWords>> = {
  en: {
    announce: String.raw`(?:pass)?codes?|otp|totp|pin|2fa|mfa|one[\s-]?time|two[\s-]?(?:factor|step)|verification|verify|passphrase|temporary password|security token|(?:log|sign)[\s-]?in token|access token|to (?:sign|log)[\s-]?in|access key|security key|authentication key|confirmation digits|one-off`,
    otherPurpose:
      'reference|promo|promotion(?:al)?|discount|coupon|voucher|gift|referral|invite|postal|zip|area|country|dial(?:l?ing)?|error|exit|status|source|qr|bar(?=code|kod|[ -]|$)|tracking|booking|reservation|order|product|item|customer|client|dress|sort|swift|bank|branch|vat|tax|colou?r|http|currency|language|airport',
    otherNumber:
      'line|row|pull request|pr|commit|bug|step|order|invoice|ticket|request|application|operation|incident|issue|enquiry|inquiry|ref\\.?|candidate|extension|ext|tracking|reference|ref|customer|account|case|booking|reservation|confirmation number|transaction|payment|receipt|policy|contract|member(?:ship)?|phone|telephone|fax|mobile|call|call us|zip|suite|ste|unit|floor|room|flight|gate|version|build|release|copyright|since|year|port|error|status|total|amount|price|sum|balance|box|ends? (?:in|with)|ending|expires?|within|last|parcel|shipment|serial|customer number',
  },
  de: {
    announce: String.raw`einmal-?(?:pin|passwort|kennwort)|\p{L}{0,30}(?:code|kode)s?|(?:mobile|sms|push|chip|photo|app|[im])?-?tans?|\p{L}{0,30}(?:passwort|kennwort)|verifizier\p{L}{0,30}|bestätigungszahl|sicherheitszahl|zugangszahl|geheimzahl|losungswort|anmeldekennung|einmalig\p{L}{1,2} (?:pin|passwort|kennwort|zahl)`,
    otherPurpose:
      'referenz|rabatt|gutschein|aktions|fehler|farb|länder|währungs|produkt|artikel|bestell|buchungs|kunden|sprach|strich|quell|postleit|vorwahl',
    otherNumber: String.raw`kundin|kunde|anfrage|antrag|vorgangs?|ticket|fall|bestellung|rechnung|\p{L}{0,30}nummer|plz|postleitzahl|\p{L}{0,30}notruf|packstation|kundennr|vorgang|vertrag|aktenzeichen|telefon|tel|fax|konto|betrag|summe|sendung|steuernr|hrb`,
  },
  fr: {
    announce: String.raw`code d['’]accès|codes?|mot de passe (?:à usage )?(?:unique|temporaire)|vérification|clé d['’]accès|clé de sécurité|clé à usage unique|clé temporaire`,
    otherPurpose:
      'promo|promotion(?:nel)?|postal|réduction|remise|cadeau|avantage|parrainage|client|barres|produit|article|erreur|siret|siren|naf|ape|guichet|banque|couleur|pays|suivi',
    otherNumber: String.raw`demande|opération|ticket|commande|facture|numéro|client|suivi|dossier|contrat|référence|réf|téléphone|appelez le|siret|siren|montant|colis|compte`,
  },
  es: {
    announce: String.raw`c[óo]digos?|clave(?: de acceso| temporal| dinámica)?|contraseña (?:temporal|de un solo uso|de uso único)|verificación|verifica|clave de (?:un solo uso|uso único|seguridad|verificación|un uso)`,
    otherPurpose:
      'postal|promocional|promoción|descuento|cupón|regalo|cliente|producto|artículo|barras|error|área|país|seguimiento|reserva|swift|fiscal|amigo',
    otherNumber: String.raw`solicitud|operación|incidencia|trámite|caso|pedido|factura|número|cliente|seguimiento|expediente|contrato|referencia|teléfono|tel|importe|cuenta|envío`,
  },
  pt: {
    announce: String.raw`token|c[óo]digos?|senha (?:temporária|de uso único|de utilização única)|palavra-passe temporária|verificação|verifica|(?:senha|chave|palavra-passe|contrassenha) de (?:acesso|utilização única|uso único|segurança)|contrassenha`,
    otherPurpose:
      'postal|promocional|desconto|cupom|cupão|oferta|cliente|produto|artigo|barras|erro|área|país|rastreio|rastreamento|reserva|fiscal',
    otherNumber: String.raw`solicitação|operação|protocolo|chamado|pedido|encomenda|fatura|número|cliente|rastreio|processo|contrato|referência|telefone|tel|valor|conta|cep|nif|cpf`,
  },
  it: {
    announce: String.raw`codic[ei]|password (?:monouso|temporanea|usa e getta)|verifica|chiave di accesso|chiave (?:monouso|di sicurezza|temporanea)|password (?:dinamica|usa e getta)`,
    otherPurpose:
      'postale|promozionale|sconto|buono|regalo|cliente|prodotto|articolo|barre|errore|fiscale|paese|avviamento|prenotazione|tracciamento|destinatario|univoco',
    otherNumber: String.raw`richiesta|operazione|segnalazione|ordine|fattura|numero|cliente|tracciamento|pratica|contratto|riferimento|telefono|tel|importo|conto|cap|spedizione`,
  },
  ca: {
    announce: String.raw`codis?|contrasenya (?:d['’]un sol ús|temporal)|verificació|clau (?:d[’']un sol ús|d[’']accés|temporal|de seguretat)`,
    otherPurpose: 'postal|promocional|descompte|client|barres|producte',
    otherNumber: String.raw`sol·licitud|petició|operació|comanda|factura|número|núm|client|seguiment|telèfon|import|compte`,
  },
  nl: {
    announce: String.raw`\p{L}{0,30}codes?|eenmalig(?:e)? wachtwoord|pincode|verificatie|(?:tijdelijke?|eenmalige?) (?:wachtwoord|sleutel|pincode|code)|toegangssleutel|eenmalig`,
    otherPurpose:
      'korting|actie|cadeau|waardebon|post|land|fout|product|artikel|bestel|boeking|klant|streep|volg|taal',
    otherNumber: String.raw`aanvraag|verzoek|melding|zaak|bestelling|factuur|\p{L}{0,30}nummer|klant|telefoon|tel|bedrag|rekening|dossier|pakket|bel ons op`,
  },
  sv: {
    announce: String.raw`\p{L}{0,30}kod(?:en)?|engångslösenord(?:et)?|verifiering|tillfällig(?:t|a) lösenord|åtkomstnyckel|engångs\p{L}{1,20}`,
    otherPurpose:
      'rabatt|kampanj|presentkort|post|lands|fel(?=kod)|produkt|artikel|boknings|kund|streck|spårnings|färg',
    otherNumber: String.raw`begäran|ansökan|\p{L}{1,30}numret|beställning|order|faktura|\p{L}{0,30}nummer|kund|telefon|tel|belopp|konto|ärende|paket|ring oss på`,
  },
  'nb, da': {
    announce: String.raw`\p{L}{0,30}koden?|engangs(?:passord(?:et)?|adgangskoden?)|verifi(?:sering|kation)|(?:midlertidig|engangs)[ -]?(?:passord|kodeord|password)|tilgangsnøkkel`,
    otherPurpose:
      'rabat|rabatt|kampanje|gave|post|lands|feil|fejl|produkt|artikel|vare|bookings?|bestillings|kunde|strek|streg|sporings|farge|farve',
    otherNumber: String.raw`\p{L}{1,30}nummeret|forespørsel|forespørgsel|anmodning|søknad|ansøgning|bestilling|bestillingen din|ordre|faktura|\p{L}{0,30}num(?:mer|re)|kunde|telefon|tlf|beløp|beløb|konto|sak|sag|pakke|cvr|pakkeboks|boks|ring (?:oss på|til os på)`,
  },
  is: {
    announce: String.raw`\p{L}{0,30}kóð[aið]\p{L}{0,3}|\p{L}{0,30}lykilorð(?:ið)?|staðfesting|einskiptis\p{L}{0,20}|einnota\p{L}{0,20}`,
    otherPurpose: 'afsláttar|tilboðs|gjafa|póst|lands|villu|vöru|bókunar|viðskipta|strika|rakningar',
    otherNumber: String.raw`pöntun|pantan\p{L}{0,30}|reikning\p{L}{0,30}|\p{L}{0,30}númer|sími|þjónustuver|neyðarsími|upphæð|kennitala|sending|hringdu í`,
  },
  fi: {
    announce: String.raw`(?:vahvistus|kirjautumis|aktivointi|turva)(?:tunnus|avain)|aktivointiavain|\p{L}{0,30}koodi\p{L}{0,4}|kertakäyttö(?:inen )?salasana\p{L}{0,4}|vahvistus|(?:kertakäyttö\p{L}{0,6} )?tunnuslu[kv]\p{L}{0,6}|kertakäyttö(?:is\p{L}{0,6}|inen) (?:salasan|tunnus|koodi|luku|luvu|numero)\p{L}{0,6}|(?:kerta(?:käyttö)?|vahvistus|turva|tunnistus|kirjautumis|avain)(?:lu[kv]|tunnu|salasan)\p{L}{0,8}|väliaikai\p{L}{1,6} salasan\p{L}{0,6}`,
    otherPurpose: 'alennus|kampanja|lahja|posti|maa|virhe|tuote|varaus|asiakas|viiva|seuranta|väri|suunta',
    otherNumber: String.raw`pyyn(?:tö|nön)|hakemu\p{L}{0,4}|tapahtuma|tilau\p{L}{0,30}|lasku\p{L}{0,30}|\p{L}{0,30}numero|asiakas|puhelin|puh|summa|tili|y-tunnus`,
  },
  et: {
    announce: String.raw`\p{L}{0,30}kood(?:i|iga)?|ühekordne parool|kinnitus|ühekord\p{L}{1,4} (?:parool|salasõna|kood|võt)\p{L}{0,5}|ajuti\p{L}{1,4} (?:parool|salasõna)\p{L}{0,4}|kinnitusnumb\p{L}{1,5}`,
    otherPurpose:
      'soodus|kampaania|kinke|posti|riigi|registri|isiku|vea|toote|broneeringu|kliendi|triip|jälgimis|värvi',
    otherNumber: String.raw`taotlus|päring|tehing|tellimus|arve|\p{L}{0,30}number|klient|telefon|tel|summa|konto|helista|postiindeks`,
  },
  lv: {
    announce: String.raw`kod[su]|kodam|\p{L}{0,30}parole|vienreiz\p{L}{2,10} (?:parol|kod|atslēg)\p{L}{1,3}|pagaidu parol\p{L}{1,3}`,
    otherPurpose:
      'atlaižu|akcijas|dāvanu|pasta|valsts|kļūdas|produkta|preces|rezervācijas|klienta|svītr\\p{L}{0,30}|izsekošanas',
    otherNumber: String.raw`pieprasījum\p{L}{0,2}|iesniegum\p{L}{0,2}|pasūtījums|rēķin\p{L}{0,30}|numurs|klients|tālrunis|zvaniet|summa|konts|indekss`,
  },
  lt: {
    announce: String.raw`kod(?:as|ą|o|u)|vienkartinis slaptažodis|patvirtinimo|(?:vienkartin|laikin)\p{L}{1,4} (?:slaptažod|kod|rakt)\p{L}{1,5}|patvirtinimo numer\p{L}{1,4}`,
    otherPurpose:
      'nuolaidos|akcijos|dovanų|pašto|šalies|klaidos|prekės|produkto|rezervacijos|kliento|brūkšninis|sekimo|įmonės|asmens',
    otherNumber: String.raw`užklaus\p{L}{0,3}|prašym\p{L}{0,3}|operacij\p{L}{0,3}|užsakymas|sąskait\p{L}{0,30}|numeris|klientas|telefonas|tel|skambinkite|suma`,
  },
  pl: {
    announce: String.raw`klucz aktywacyjny|kod(?:u|em)?|hasł(?:o|a|em) (?:jednorazowe(?:go)?|sms)|jednorazowe hasło|weryfikac\p{L}{0,30}|hasł\p{L}{1,3} (?:tymczasow|jednorazow)\p{L}{1,3}|(?:jednorazow|tymczasow)\p{L}{1,3} hasł\p{L}{1,3}|klucz dostępu|klucz jednorazowy`,
    otherPurpose:
      'pocztowy|rabatowy|promocyjny|kreskowy|błędu|produktu|kraju|klienta|kierunkowy|rezerwacji|podarunkowy|swift',
    otherNumber: String.raw`wniosek|wniosku|zgłoszeni[ea]|żądani[ea]|operacj[aię]|zamówieni[ea]|faktur\p{L}{0,30}|numer|klient|telefon|tel|kwota|konto|nip|regon|krs|przesyłk\p{L}{0,30}|zadzwoń`,
  },
  'cs, sk': {
    announce: String.raw`heslo|aktivační klíč|aktivačný kľúč|kód(?:u|em|om)?|jednorázové heslo|jednorazové heslo|ověření|overenie|ověřovací|overovací|(?:přístupov|prístupov|jednorázov|jednorazov)\p{L}{1,2} (?:klíč|kľúč|heslo|pin)|(?:ověřovac|overovac|bezpečnostn)\p{L}{1,2} číslo|(?:dočasné|dočasn\p{L}{1,3}) hesl\p{L}{1,3}`,
    otherPurpose:
      'slevový|zľavový|promo|dárkový|darčekový|čárový|čiarový|poštovní|chybový|produktu|zboží|země|krajiny|zákaznický|zákaznícky|rezervační|rezervačný',
    otherNumber: String.raw`požadav\p{L}{0,5}|požiadavk\p{L}{0,3}|žádost\p{L}{0,3}|žiados\p{L}{0,4}|operac\p{L}{0,3}|objednávk\p{L}{0,30}|faktur\p{L}{0,30}|čísl[oa]|zákazník|telefon|telefón|tel|částka|suma|účet|psč|ičo|dič|zásilk\p{L}{0,30}|zásielk\p{L}{0,30}|volejte|volajte`,
  },
  hu: {
    announce: String.raw`\p{L}{0,30}kód\p{L}{0,4}|egyszer(?: használatos|i) jelsz(?:ó|av)\p{L}{0,4}|hitelesítés|megerősítés|ideiglenes jelsz\p{L}{1,6}|egyszer(?:i| használatos|használatos) (?:jelsz|kulcs|kód|pin)\p{L}{0,6}|ellenőrző ?szám\p{L}{0,4}`,
    otherPurpose:
      'kupon|kedvezmény|ajándék|akciós|irányító|ország|hiba|termék|foglalási|ügyfél|vonal|promóciós|követési',
    otherNumber: String.raw`kérelem|kérés|igénylés|művelet|rendelés\p{L}{0,30}|\p{L}{0,30}szám|ügyfél|telefon|tel|összeg|számla|csomag|hívjon minket`,
  },
  ro: {
    announce: String.raw`codu(?:l|ri)|cod|parol[ăa] (?:de unică folosință|temporară)|verificare|(?:parol[aă]|cheia|cheie) (?:unic[aă]|temporar[aă]|de acces|de unică folosință)`,
    otherPurpose:
      'poștal|postal|reducere|promoțional|cadou|client|produs|bare|eroare|țară|rezervare|fiscal|caen|voucher',
    otherNumber: String.raw`comenzii|coletului|facturii|dosarului|clientului|cerere\p{L}{0,3}|solicitare\p{L}{0,3}|operațiun\p{L}{0,4}|comanda(?: ta)?|factur\p{L}{0,30}|număr(?:ul)?|client|telefon|tel|sumă|cont|awb|sunați la`,
  },
  bg: {
    announce: String.raw`еднократната парола|паролата|парола|код(?:а|ът)?|еднократна парола|временна парола|потвърждение|(?:еднократ|времен)\p{L}{1,3} (?:парол|ключ|пин|код)\p{L}{0,4}|парола за еднократна употреба|ключ(?:ът)? за достъп`,
    otherPurpose:
      'пощенски|отстъпка|промо|промоционален|ваучер|клиентски|баркод|грешка|продукт|държава|телефонен',
    otherNumber: String.raw`заявка|заявление|операция|поръчка|фактура|номер|клиент|телефон|тел|сума|сметка|пратка|еик|обадете се на`,
  },
  'ru, uk': {
    announce: String.raw`код(?:а|ом|у)?|пин(?:-код)?|пін(?:-код)?|одноразов\p{L}{0,30}|подтверждени\p{L}{0,30}|підтвердження|пароль|(?:проверочн|секретн|контрольн|одноразов|перевірочн|секретн|контрольн)\p{L}{1,3} числ\p{L}{1,2}|(?:одноразов|разов|временн|тимчасов)\p{L}{1,3} (?:парол|ключ|код|пин|пін)\p{L}{0,3}|ключ доступа|ключ доступу`,
    otherPurpose:
      'промо|почтовый|поштовий|индекс|скидк\\p{L}{0,30}|знижк\\p{L}{0,30}|купон\\p{L}{0,30}|подарочный|города|міста|страны|країни|региона|ошибки|помилки|товара|товару|клиента|клієнта|штрих|бронирования|бронювання|отслеживания|отправления',
    otherNumber: String.raw`запрос|заявка|заявку|запит|операци[яию]|операці[яїю]|обращени[ея]|звернення|заказ|замовлення|сч[её]т|рахунок|номер|клиент|клієнт|телефон|тел|телефону|телефонуйте|сумма|сума|индекс|індекс|инн|кпп|огрн|єдрпоу|отправлени[ея]|відправлення`,
  },
  'hr, sr, sl': {
    announce: String.raw`lozinka|k[oô]d(?:om|a|u|e)?|kod[ao]|koda|kodo|код(?:а|ом|у)?|jednokratna lozinka|једнократна лозинка|enkratno geslo|verifikacij\p{L}{0,30}|верификацион\p{L}{0,30}|(?:jednokratn|privremen|enkratn|začasn)\p{L}{1,3} (?:zapork|lozink|gesl|šifr|pin)\p{L}{0,3}|gesl\p{L}{1,3} za enkratno uporabo|(?:једнократн|привремен)\p{L}{1,3} (?:лозинк|шифр)\p{L}{0,3}`,
    otherPurpose:
      'popust|promo|poštanski|kupca|stranke|proizvoda|izdelka|greške|napake|države|rezervacije|crtična|poklon|darilna|промо|попуст|поштански|клијента|производа',
    otherNumber: String.raw`zahtjev|zahtev|zahtevek|vlog[ae]|operacij[aeu]|захтев|narudžb\p{L}{0,30}|naročil\p{L}{0,30}|račun\p{L}{0,30}|broj|številka|kup\p{L}{0,30}|strank\p{L}{0,30}|telefon|tel|iznos|znesek|oib|pib|pošiljk\p{L}{0,30}|nazovite|pokličite|поруџбина|рачун|фактура|фактуре|број|клијента|позовите|износ|поштански`,
  },
  el: {
    announce: String.raw`κωδικ(?:ός|ό|ού|οί|ούς)|κώδικα|επαλήθευση\p{L}{0,30}|(?:συνθηματικ|κωδικ|κλειδί?)\p{L}{0,3} (?:μίας|μιας|πρόσβασης|ασφαλείας)(?: χρήσης)?|κλειδί πρόσβασης`,
    otherPurpose:
      'εκπτωτικός|έκπτωσης|ταχυδρομικός|προσφοράς|πελάτη|προϊόντος|χώρας|σφάλματος|κράτησης|δώρου|κουπονιού',
    otherNumber: String.raw`αίτημα|αίτηση|συναλλαγή|παραγγελία(?: σας)?|τιμολόγιο|αριθμός|αρ|πελάτη|τηλέφωνο|τηλ|ποσό|αποστολής|κώδικας|κωδικας|καλέστε στο|αφμ`,
  },
  tr: {
    announce: String.raw`şifren|parolan|şifresi|\p{L}{0,30}kod(?:u|unu|unuz|unuzu|unuzdur|ları|lar)?|şifre(?:niz|si)?|parola(?:nız)?|doğrulama|onay|(?:geçici|tek seferlik|tek kullanımlık) (?:şifre|parola|anahtar)\p{L}{0,6}`,
    otherPurpose: 'indirim|promosyon|kupon|hediye|posta|ülke|alan|hata|ürün|rezervasyon|müşteri|kampanya',
    otherNumber: String.raw`talep|başvuru|işlem|sipariş\p{L}{0,30}|fatura|numara\p{L}{0,30}|no|müşteri|telefon|tel|tutar|hesap|takip|posta kodu|arayın`,
  },
  vi: {
    announce: String.raw`mã(?: xác (?:minh|nhận|thực)| bảo mật| đăng nhập| otp| pin)?|mật khẩu (?:một|dùng một|sử dụng một) lần|mật khẩu tạm thời|mã dùng một lần|mật khẩu (?:dùng|sử dụng) một lần`,
    otherPurpose:
      'giảm giá|khuyến mãi|ưu đãi|bưu chính|bưu điện|vận đơn|khách hàng|đơn hàng|sản phẩm|quốc gia|vùng|lỗi|số thuế|vạch|quà tặng|đặt chỗ',
    otherNumber: String.raw`yêu cầu|giao dịch|hồ sơ|đơn hàng|hóa đơn(?: số)?|số|khách hàng|điện thoại|gọi|số tiền|tài khoản|vận đơn`,
  },
  id: {
    announce: String.raw`kod|tac|kata laluan|kode|(?:kata )?sandi sekali pakai|verifikasi|(?:password|sandi|kata sandi|kata laluan|kunci|nomor|kode|kod) (?:sementara|sekali pakai|sekali guna)`,
    otherPurpose:
      'promo|pos|diskon|diskaun|baucar|voucher|kupon|area|negara|produk|barang|pelanggan|kesalahan|pemesanan|referral|wilayah|pajak',
    otherNumber: String.raw`permintaan|permohonan|transaksi|pesanan(?: anda)?|tempahan|invois|nombor|hubungi|akaun|faktur|nomor(?: faktur| resi| pelanggan| pesanan)?|pelanggan|telepon|telp|jumlah|rekening|resi|hubungi kami di`,
  },
  az: {
    announce: String.raw`şifrə\p{L}{0,6}|parol(?:u|unuz)?`,
    otherPurpose: 'endirim|poçt',
    otherNumber: String.raw`sorğu|müraciət|sifariş|qaimə|nömrə(?:si|niz)?|telefon|məbləğ|hesab`,
  },
  be: {
    announce: String.raw`код(?:а|ам|у)?|пароль`,
    otherPurpose: 'паштовы|зніжк',
    otherNumber: String.raw`заказ|нумар|рахун\p{L}{0,30}|тэлефон|сума|адпраўленн[ея]`,
  },
  cy: {
    announce: 'ch?od|cyfrinair (?:untro|dros dro)|cod untro',
    otherPurpose: 'disgownt|gostyngiad|post',
    otherNumber: String.raw`archeb|anfoneb|rhif(?: \p{L}{1,30})?|ffôn|swm|cyfrif`,
  },
  eu: {
    announce: String.raw`\p{L}{0,30}kode(?:a|ak|arekin)?|pina|egiaztapen|behin-behineko pasahitz\p{L}{0,4}|behin erabiltzeko (?:pasahitz|kode)\p{L}{0,4}`,
    otherPurpose: 'deskontu|posta|bezero|erreserba|eskaintza',
    otherNumber: String.raw`eskaera|faktura\p{L}{0,30}|\p{L}{0,30}zenbakia|telefonoa?|zenbatekoa|kontua`,
  },
  ga: {
    announce: '(?:c|ch|gc)ó(?:d|id)|pasfhocal (?:aonuaire|sealadach)',
    otherPurpose: 'poist|lascaine|earráide',
    otherNumber: String.raw`ordú|sonrasc|uimhir(?: \p{L}{1,30})?|guthán|méid|cuntas`,
  },
  kk: {
    announce: 'код(?:ы|ын|ты|ыңыз)?|құпиясөз',
    otherPurpose: 'жеңілдік|пошта|промо',
    otherNumber: String.raw`тапсырыс|шот|нөмір\p{L}{0,4}|телефон|сома`,
  },
  mk: {
    announce: 'код(?:от)?|лозинка(?:та)?',
    otherPurpose: 'попуст|поштенски|ваучер',
    otherNumber: 'нарачка|фактура|број|телефон|износ|сметка',
  },
  mn: {
    announce: 'код(?:оо|ыг|оор)?|нэг удаагийн (?:нууц үг|код|түлхүүр)|түр нууц үг',
    otherPurpose: 'хямдрал|шуудан',
    otherNumber: String.raw`захиалг\p{L}{0,4}|дугаар|утас|дүн|данс`,
  },
  mt: {
    announce: 'kodiċi|password ta[’’] darba|password temporanj[au]',
    otherPurpose: 'postali|skont',
    otherNumber: String.raw`ordni|fattura|numru(?: \p{L}{1,30})?|telefown|ammont|kont|ċempel`,
  },
  sq: {
    announce:
      'kod(?:i|in|it)?|fjalëkalimi? njëpërdorimsh|fjalëkalim(?:i|in)? (?:njëpërdorimësh|i përkohshëm|përkohshëm)',
    otherPurpose: 'zbritje|postar|promocional',
    otherNumber: String.raw`kërkes[aë]|porosi\p{L}{0,4}|fatur\p{L}{0,4}|numri?|telefoni?|shuma|llogaria?`,
  },
  sw: {
    announce: 'msimbo|nambari (?:hii )?ya (?:siri|uthibitishaji)|nenosiri la mara moja',
    otherPurpose: '(?:wa )?punguzo|posta',
    otherNumber: 'agizo|risiti|nambari|namba|simu|kiasi|akaunti',
  },
  uz: {
    announce: 'kod(?:i|ni|ingiz)?|parol(?:i|ingiz)?',
    otherPurpose: 'chegirma|pochta',
    otherNumber: String.raw`buyurtma|chek|raqam\p{L}{0,4}|telefon|summa|hisob`,
  },
  'af, fil': {
    announce:
      'eenmalige (?:pin|wagwoord)|kodigo|kowd|pansamantalang password|eenmalige (?:wagwoord|kode)|tydelike wagwoord',
    otherPurpose: 'afslag|pos|diskwento',
    otherNumber: String.raw`bestelling|faktuur|kwitansie|\p{L}{0,30}nommer|resibo|numero(?: ng \p{L}{1,30})?|tawagan|bel`,
  },
  'ky, tt, tg': {
    announce: 'код(?:у|ун|уңуз|уңузду|ду|ы|ын|ыгыз|и)?|сырсөз|рамзи?|рамзро|коди',
    otherPurpose: 'арзандатуу|ташлама|почта|тахфиф|почтавӣ|фармоиш',
    otherNumber: String.raw`буйрутма|заказ|номери?|телефон|сумма|фармоиш|рақами?|маблағ|ҳисоб|шот`,
  },
  tk: {
    announce: 'kod(?:y|yňyz|uňyz|uny)?|açar söz',
    otherPurpose: 'arzanlady|poçta',
    otherNumber: String.raw`sargyt|nomer\p{L}{0,4}|belgi|telefon|jemi|hasap`,
  },
  ku: {
    announce: 'kod(?:a|ê|ek|eke)?|şîfre(?:ya)?',
    otherPurpose: 'daxistin|poste',
    otherNumber: String.raw`ferman|siparîş|hejmar(?:a)?|telefon|fatûra|hesab`,
  },
  fo: {
    announce: String.raw`\p{L}{0,20}kot(?:a|an|u|una|uni)|\p{L}{0,20}koda(?:n)?`,
    otherPurpose: 'avsláttar|post',
    otherNumber: String.raw`bílegging|ordra|rokning|\p{L}{0,20}nummar|telefon|tlf|upphædd|konto`,
  },
  fy: {
    announce: String.raw`\p{L}{0,20}koade`,
    otherPurpose: 'koarting|post',
    otherNumber: String.raw`bestelling|faktuer|\p{L}{0,20}nûmer|tillefoan|bedrach`,
  },
  'gd, br': {
    announce: '(?:c|ch)òd|bonneg',
    otherPurpose: 'puist|lasachaidh|post',
    otherNumber: String.raw`òrdugh|àireamh(?: \p{L}{1,20})?|fòn|urhiad|niverenn|pellgomz`,
  },
  'oc, eo, ht': {
    announce: 'còdi?|kod(?:o|on)?|kòd(?: la)?',
    otherPurpose: 'descompte|postal|rabat|poŝt|rabè|lapòs',
    otherNumber: 'comanda|nombre|factura|mendo|numero|fakturo|kòmand|nimewo|fakti|telefòn',
  },
  'jv, su, ceb': {
    announce: 'kodhe|kode(?:na|ne)?|sandi|code',
    otherPurpose: 'diskon|pos',
    otherNumber: String.raw`pesenan|nomer(?: \p{L}{1,20})?|telpon|numero(?: sa \p{L}{1,20})?|resibo`,
  },
  'zu, xh': {
    announce: String.raw`(?:i|li|ne|nge|le|y|se)?-?(?:khodi|khowudi)|\p{L}{0,4}khodi|\p{L}{0,4}khowudi|iphasiwedi yesikhashana`,
    otherPurpose: 'yeposi|yesaphulelo|yesephulelo',
    otherNumber: String.raw`i-?oda|inombolo(?: \p{L}{1,20})?|inani|ucingo|i-invoyisi|umyalelo|usizo|ifoni`,
  },
  'st, tn, sn, rw': {
    announce: 'khouto|khoutu|khoutu ya|kodhi|kode|kodi|umubare w.ibanga|phasewete',
    otherPurpose: 'theolelo|poso|rederedza',
    otherNumber: String.raw`odara|taelo|nomoro(?: ya \p{L}{1,20})?|mohala|nhamba(?: ye\p{L}{1,20})?|nimero(?: ya \p{L}{1,20})?|telefone|komande`,
  },
  'so, ha, yo, ig, mg, mi': {
    announce: String.raw`koodh\p{L}{0,4}|kood(?:ka|kaaga)?|lambar sirri|lambar tabbatarwa\p{L}{0,4}|kóòdù|koodu|kaod[iy]\p{L}{0,4}|waehere|tenimiafina`,
    otherPurpose: 'dhimis|rangwame|ẹdinwo|mbelata|fihena|paositra',
    otherNumber: String.raw`dalab(?:ka)?|lambarka(?: \p{L}{1,20})?|oda|lambar|waya|nọmba(?: \p{L}{1,20})?|nọ́mbà|laharana|faktiora|baiko|antso|nama|tono|ota`,
  },
};

/**
 * Words of languages that have no blanks around words, or that attach prefixes and suffixes to them. These
 * words are also matched within longer words.
 */
const UNSPACED: readonly LanguageWords[] = [
  // Words about one-time codes in Arabic.
  {
    announce:
      'الرقم السري|كلمة (?:السر|المرور|مرور) (?:لمرة|المؤقت|مؤقت)|رقم (?:التحقق|التأكيد)|رمز|كود|كلمة (?:ال)?مرور (?:ل|ال)',
    otherPurpose: 'البريدي|بريدي|الخصم|خصم|القسيمة|الدولة|العميل|المنتج|المنطقة|الخطأ|الحجز|ترويجي',
    otherNumber:
      'رقم (?:الشحنة|الطرد)|طلبك رقم|طلب|معاملة|العملية|رقم|الطلب|الفاتورة|العميل|هاتف|المبلغ|التتبع',
  },
  // Words about one-time codes in Persian.
  {
    announce: String.raw`(?<![\p{L}\p{M}])(?:کد|رمز)(?![\p{L}\p{M}])|(?:گذرواژه|رمز عبور)[ ‌]?(?:ی )?(?:موقت|یک.?بار ?مصرف)`,
    otherPurpose: 'پستی|تخفیف|رهگیری|ملی|مشتری|محصول|کالا|کشور|خطا|هدیه',
    otherNumber: 'مرسوله|شماره بسته|درخواست|تراکنش|شماره|سفارش|فاکتور|مشتری|تلفن|مبلغ|رهگیری|پستی',
  },
  // Words about one-time codes in Hebrew.
  {
    announce: String.raw`(?<!\p{L})[הבלש]?קוד(?!\p{L})|סיסמ[הת] ה?(?:חד|זמנית)`,
    otherPurpose: 'קופון|הנחה|מבצע|מדינה|מוצר|שגיאה|לקוח|אזור',
    otherNumber:
      'מספר ה?(?:משלוח|חבילה)|בקשה|פנייה|פניה|הזמנה(?: שלך)?|חשבונית|מספר|מס׳|לקוח|טלפון|סכום|מיקוד|מעקב',
  },
  // Words about one-time codes in Bengali.
  {
    announce: String.raw`যাচাইকরণ|ওটিপি|(?<!পিন\s?)কোড|পিন(?!\s?(?:কোড|ক))|পাসওয়ার্ড`,
    otherPurpose: 'ডিসকাউন্ট|কুপন|ছাড়|প্রোমো|ডাক|পোস্ট|দেশ|পণ্য|গ্রাহক|ত্রুটি',
    otherNumber: 'অনুরোধ|আবেদন|লেনদেন|অর্ডার|চালান|নম্বর|সংখ্যা|নং|গ্রাহক|ফোন|টাকা|পরিমাণ|হেল্পলাইন|ঢাকা',
  },
  // Words about one-time codes in Hindi.
  {
    announce: String.raw`पिन(?!\s?कोड)|सत्यापन|ओटीपी|(?<!पिन\s?)कोड|पासवर्ड`,
    otherPurpose: 'कूपन|छूट|प्रोमो|डाक|देश|उत्पाद|ग्राहक|त्रुटि',
    otherNumber: 'अनुरोध|आवेदन|विनंती|अर्ज|अनुरोध|लेनदेन|ऑर्डर|चालान|संख्या|नंबर|ग्राहक|फ़ोन|फोन|राशि',
  },
  // Words about one-time codes in Thai.
  {
    announce: 'รหัส|โอทีพี|หมายเลขยืนยัน',
    otherPurpose: 'อ้างอิง|ไปรษณีย์|ลูกค้า|ส่วนลด|สินค้า|ประเทศ|พัสดุ|คำสั่งซื้อ|ข้อผิดพลาด|สาขา|พนักงาน',
    otherNumber: '(?:หมายเลข|เลข)พัสดุ|คำขอ|คำร้อง|รายการ|คำสั่งซื้อ|เลขที่|หมายเลข|ลูกค้า|โทร|จำนวน|ไปรษณีย์',
  },
  // Words about one-time codes in Japanese.
  {
    announce:
      '(?:確認|認証|検証|ログイン|セキュリティ)?コード|(?:認証|暗証|確認|承認|解除|照合|許可)番号|ワンタイム|(?:使い捨て|一時|仮)パスワード',
    otherPurpose: 'クーポン|割引|郵便|商品|顧客|国|エラー|バー|招待|プロモ|銀行|紹介',
    otherNumber:
      'リクエスト(?:番号)?|お申し込み|受付番号|申請番号|注文番号|注文|請求書番号|お客様番号|お問い合わせ番号|追跡番号|電話|合計|郵便番号|〒',
  },
  // Words about one-time codes in Korean.
  {
    announce: String.raw`인증\s?번호|비밀번호|(?:인증|확인|보안|로그인)?\s?코드|일회용|(?:확인|보안)\s?번호|인증`,
    otherPurpose: '쿠폰|할인|우편|상품|고객(?!님의)|국가|오류|바|추천|프로모션|초대',
    otherNumber:
      '요청|신청|접수|요청번호|접수번호|신청번호|주문번호|주문|청구서 번호|고객번호|운송장번호|우편번호|전화|금액|고객센터',
  },
  // Words about one-time codes in Chinese.
  {
    announce:
      '取件(?:码|碼|密码|密碼)|(?:认证|認證|临时|臨時)(?:码|碼|密码|密碼|口令)|(?:一次性|动态|動態)口令|(?:验证|驗證|校验|校驗|动态|動態|安全|确认|確認|登录|登入|激活|啟用)(?:码|碼|密码|密碼)|(?:解[锁鎖]|授[权權]|[开開]通|通行|放行|批准|注册|註冊|[绑綁]定|配[对對]|[访訪]问|訪問|恢[复復]|[备備]用|重[置設设]|找回|[启啟]用|身份|[识識][别別]|核[销准實实])[码碼]|一次性(?:密码|密碼)|验证|驗證',
    otherPurpose: '优惠|優惠|折扣|邮政|郵政|邀请|邀請|产品|產品|国家|國家|错误|錯誤|条形|二维|推荐|推薦',
    otherNumber:
      '工单[号號]?|工單號?|请求|請求|申请号|申請號|订单|訂單|发票号码|發票號碼|邮政编码|郵遞區號|单号|單號|客服电话|电话|電話|编号|編號|金额|金額',
  },
  // Words about one-time codes in Pashto, Kurdish (Sorani), Sindhi and Uyghur.
  {
    announce: String.raw`کوډ|یوځلی|کۆد|ڪوڊ|پاسورڊ|پارول`,
    otherPurpose: 'تخفیف|پوستي|پۆست|داشکاندن|رعايت|پوچتا',
    otherNumber: 'فرمایش|شمېره|شمیره|ټلیفون|مبلغ|ژمارە|ژمارەی|داواکاری|آرڊر|فون|زاكاز|نومۇرى',
  },
  // Words about one-time codes in Yiddish.
  { announce: 'קאָד|קאד', otherPurpose: 'ראַבאַט|פּאָסט', otherNumber: 'נומער|באַשטעלונג|טעלעפֿאָן' },
  // Words about one-time codes in Kannada, Odia, Assamese and Burmese.
  {
    announce: String.raw`(?<!ಪಿನ್\s?)ಕೋಡ್|ಪಾಸ್‌?ವರ್ಡ್|ಒಟಿಪಿ`,
    otherPurpose: 'ರಿಯಾಯಿತಿ|ಕೂಪನ್|ಅಂಚೆ',
    otherNumber: 'ಸಂಖ್ಯೆ|ಆರ್ಡರ್|ಫೋನ್|ಮೊತ್ತ|ನಂಬರ್',
  },
  {
    announce: String.raw`(?<!ପିନ୍\s?)କୋଡ|ପାସୱାର୍ଡ|ଓଟିପି`,
    otherPurpose: 'ରିହାତି|କୁପନ|ଡାକ',
    otherNumber: 'ନମ୍ବର|ଅର୍ଡର|ଫୋନ|ରାଶି',
  },
  {
    announce: String.raw`(?<!পিন\s?)ক[’ʼ'‘]ড|পাছৱৰ্ড`,
    otherPurpose: 'ৰেহাই|ডাক',
    otherNumber: 'নম্বৰ|অৰ্ডাৰ|ফোন',
  },
  {
    announce: 'ကုဒ်|စကားဝှက်|အိုတီပီ',
    otherPurpose: 'လျှော့စျေး|လျှော့ဈေး|စာတိုက်|ကူပွန်',
    otherNumber: 'အော်ဒါ|နံပါတ်|ဖုန်း|ငွေပမာဏ|ပြေစာ',
  },
  // Words about one-time codes in Amharic.
  { announce: 'ኮድ|የአንድ ጊዜ|ኦቲፒ', otherPurpose: 'ቅናሽ|ፖስታ', otherNumber: 'ቁጥር|ትዕዛዝ|ስልክ|መጠን' },
  // Words about one-time codes in Armenian.
  {
    announce: 'կոդ|ծածկագիր|գաղտնաբառ',
    otherPurpose: 'զեղչ|փոստային',
    otherNumber: 'համար(?:ը|ով)?|պատվեր|հեռ|կտրոն|քարտ|սենյակ|գումար',
  },
  // Words about one-time codes in Georgian.
  {
    announce: 'კოდ|ერთჯერადი|დროებითი პაროლი',
    otherPurpose: 'ფასდაკლებ|საფოსტო|ვაუჩერ',
    otherNumber: 'ნომერი|შეკვეთ(?:ა|ის)|ტელეფონი|თანხა|ხაზი',
  },
  // Words about one-time codes in Khmer.
  {
    announce: 'លេខកូដ|លេខសម្ងាត់',
    otherPurpose: 'បញ្ចុះតម្លៃ|ប្រៃសណីយ៍',
    otherNumber: 'លេខប្រតិបត្តិការ|លេខបញ្ជាទិញ|លេខ|ទូរស័ព្ទ|គណនី',
  },
  // Words about one-time codes in Lao.
  { announce: 'ລະຫັດ', otherPurpose: 'ສ່ວນຫຼຸດ|ໄປສະນີ', otherNumber: 'ເລກທີ|ໂທ|ຫ້ອງ|ຈຳນວນ' },
  // Words about one-time codes in Marathi and Nepali that differ from the words in Hindi.
  { announce: 'संकेतांक', otherPurpose: 'सवलत|हुलाक', otherNumber: 'क्रमांक|पावती|रक्कम|रकम|नं|खाता' },
  // Words about one-time codes in Punjabi.
  {
    announce: String.raw`ਪਿੰਨ(?!\s?ਕੋਡ)|(?<!ਪਿੰਨ\s?)ਕੋਡ|ਪਾਸਵਰਡ|ਓਟੀਪੀ`,
    otherPurpose: 'ਛੋਟ|ਕੂਪਨ|ਡਾਕ',
    otherNumber: 'ਨੰਬਰ|ਆਰਡਰ|ਰਸੀਦ|ਫ਼ੋਨ|ਰਕਮ',
  },
  // Words about one-time codes in Gujarati.
  {
    announce: String.raw`પિન(?!\s?કોડ)|(?<!પિન\s?)કોડ|પાસવર્ડ|ઓટીપી`,
    otherPurpose: 'છૂટ|કૂપન|ટપાલ',
    otherNumber: 'નંબર|ઓર્ડર|રકમ|ફોન',
  },
  // Words about one-time codes in Sinhala.
  { announce: 'කේතය|මුරපදය', otherPurpose: 'වට්ටම්|තැපැල්', otherNumber: 'අංකය?|ඇණවුම|දුරකථන|මුදල' },
  // Words about one-time codes in Tamil.
  {
    announce: 'குறியீ(?:டு|ட்டை)|கடவுச்சொல்',
    otherPurpose: 'தள்ளுபடி|கூப்பன்|அஞ்சல்',
    otherNumber: 'எண்|ஆர்டர்|தொகை|தொலைபேசி',
  },
  // Words about one-time codes in Telugu.
  {
    announce: String.raw`(?<!పిన్\s?)కోడ్|పాస్\u200c?వర్డ్|ఓటీపీ`,
    otherPurpose: 'తగ్గింపు|కూపన్|తపాలా',
    otherNumber: 'నంబర్|సంఖ్య|ఆర్డర్|ఫోన్|మొత్తం',
  },
  // Words about one-time codes in Malayalam.
  {
    announce: String.raw`(?<!പിൻ\s?)കോഡ്|പാസ്\u200c?വേഡ്|ഒടിപി`,
    otherPurpose: 'കിഴിവ്|കൂപ്പൺ|തപാൽ',
    otherNumber: 'നമ്പർ|ഓർഡർ|ഫോൺ|തുക',
  },
  // Words about one-time codes in Urdu.
  {
    announce: 'کوڈ|پاس ورڈ|او ٹی پی',
    otherPurpose: 'پوسٹل|رعایت|کوپن|ڈسکاؤنٹ',
    otherNumber: 'نمبر|آرڈر|رقم|فون|ہیلپ لائن',
  },
];

const spaced = Object.values(LANGUAGES);
const all = [...spaced, ...UNSPACED];
const defined = (values: readonly (string | undefined)[]): string =>
  values.filter((value) => value !== undefined).join('|');

const ANNOUNCE_SPACED = spaced.map(({ announce }) => announce).join('|');
const ANNOUNCE_UNSPACED = UNSPACED.map(({ announce }) => announce).join('|');

/** Matches words that announce a one-time code. */
const CODE_WORDS = new WordExpression(
  { words: ANNOUNCE_SPACED, start: WHOLE_START, end: WHOLE_END },
  { words: ANNOUNCE_UNSPACED },
);

const PURPOSES = defined(all.map(({ otherPurpose }) => otherPurpose));

const LONG_PURPOSES = splitAlternatives(`${PURPOSES}|${OTHER_CODES}`)
  .filter(({ length }) => length >= 5)
  .join('|');

/**
 * Matches a word for a purpose other than authentication. Only stems of at least five characters are used, because
 * a shorter stem may be an unrelated word of another language.
 */
const OTHER_PURPOSE = new WordExpression({ words: LONG_PURPOSES, start: WORD_START });

/** Returns whether a text has a word that announces a one-time code. */
export const hasCodeWord = (text: string): boolean => CODE_WORDS.test(text);

/**
 * Returns whether a text contains a word, such as `order` or `voucher`, that names a number other than a one-time code.
 */
export const isOtherCode = (text: string): boolean => OTHER_PURPOSE.test(text);

/**
 * Matches a word for a purpose other than authentication directly before a word such as `code` (`promo
 * code`).
 */
const PURPOSE_BEFORE = new WordExpression(
  { words: PURPOSES, end: String.raw`\p{L}{0,4}['’]?[ -]*$` },
  { words: OTHER_CODES, start: WORD_START, end: String.raw`[\p{L}\p{M}]{0,12}['’]?[ -]*$` },
);
/** Matches a compound of `code` that begins with a purpose other than authentication (German `Rabattcode`). */
const PURPOSE_WITHIN = new WordExpression(
  { words: PURPOSES, start: '^' },
  { words: OTHER_CODES, start: '^' },
);
/** Matches the text between a word such as `code` and the word for its purpose after it. */
const START_AFTER = String.raw`(?<=^[ -]?(?:(?:de|di|da|do|du|des|del|della|dell|of|of the|za|за|для|на|à|a|y|yr|i|të|së|ya|wa|ng|ni|do|pre|pro|til|till|för|for)\s)?(?:(?:la|the)\s|[ld]['’])?)`;

/**
 * Matches a word for a purpose other than authentication directly after a word such as `code` (`code postal`,
 * `kod za popust`).
 */
const PURPOSE_AFTER = new WordExpression(
  { words: PURPOSES, start: START_AFTER },
  { words: OTHER_CODES, start: START_AFTER },
);

/** Maximum number of announcing words that are read from one text. */
const MAX_WORDS = 500;
/** Number of characters on each side of a word such as `code` that are searched for the purpose of the code. */
const PURPOSE_NEAR = 30;
/** Number of characters on each side of a word such as `code` that are read as the label of a number. */
const LABEL = 60;

/**
 * Matches announcing words that only name an action (to verify, to confirm, to sign in) and not a code. A
 * number after such a word is often not a code, but part of the postal address in the page footer.
 */
const ACTS = new LowerCaseExpression(
  /^(?!.*(?:code|kod))(?:verif.*|vérif.*|weryfik.*|верифик.*|ověř.*|over(?:enie|ovací)|hitelesítés|megerősítés|vahvistus|kinnitus|patvirtinimo|потвърждение|подтвержден.*|підтвердження|επαλήθευση.*|doğrulama|onay|सत्यापन|인증|验证|驗證|to (?:sign|log)[\s-]?in)$/u
    .source,
);

/** Matches words for a proof of identity, which announce a one-time code also in an invitation to a meeting. */
const PROOF = new LowerCaseExpression(/verif|one-time|otp|2fa|einmal|sign-?in|log-?in/u.source);

/**
 * Matches a negation such as `no` or `without a` at the end of the text before a word for a code: the message says that
 * no code is needed or exists.
 */
const NEGATION = new WordExpression(
  { words: NO_CODE_SPACED, start: WORD_START, end: String.raw`\s(?:[^\s\d.,;:!?]{1,20}\s)?$` },
  { words: WITHOUT_CODE_SPACED, start: WORD_START, end: String.raw`\s$` },
  { words: NO_CODE_UNSPACED, end: String.raw`[^\d.,;:!?]{0,6}$` },
);
/** Matches a negation such as `is not needed` at the start of the text after a word for a code. */
const NEGATION_AFTER = new WordExpression({
  start: String.raw`(?<=^[^\s\d.,;:!?]{0,3}\s?)`,
  words: NO_CODE_AFTER,
});

/** Returns whether a negation is beside a word for a code (`no code is needed`). */
const isDenied = (before: string, after: string): boolean =>
  NEGATION.test(before) || NEGATION_AFTER.test(after);

/** A word that announces a one-time code. */
export interface CodeWord {
  /** Offset of the word's first character in the text; `end` is the offset after its last character. */
  readonly start: number;
  readonly end: number;
  /**
   * Whether the word announces a code that is not for authentication but, for example, a discount code, a
   * postal code or a product code.
   */
  readonly otherPurpose: boolean;
  /**
   * How the words beside the word qualify it. In a message about identity, a word with an unknown kind of code (`mower
   * code`) announces a code only with less confidence.
   */
  readonly qualifier: Qualifier;
  /**
   * Whether the word only describes an action (`verify`). Such a word announces a code only if the word and the code
   * are in the same sentence.
   */
  readonly isAct: boolean;
}

/**
 * Returns the words of a text that announce a one-time code, in the order of the text. The purpose of the message
 * decides whether a word announces a one-time code if the words beside it are unknown (`mower code`): only in a
 * message about identity. In an invitation to a meeting, a passcode is for all participants.
 */
export function codeWords(text: string, { identity, sale, meeting }: Purpose): readonly CodeWord[] {
  const words: CodeWord[] = [];
  for (const { start, end } of CODE_WORDS.matches(text, MAX_WORDS)) {
    const word = text.slice(start, end);
    const before = text.slice(Math.max(0, start - PURPOSE_NEAR), start);
    const after = text.slice(end, end + PURPOSE_NEAR);
    if (isDenied(before, after)) continue;
    const qualifier = qualifierOf(
      word,
      text.slice(Math.max(0, start - LABEL), start),
      text.slice(end, end + LABEL),
    );
    // A word before a complete name such as `one-time code` is another part of the sentence (Latvian `ievadiet
    // internetbankā vienreizējo kodu`).
    const isProof = !sale && before.endsWith(' ') && isIdentity(word);
    const otherPurpose =
      (qualifier !== 'known' && !identity) ||
      (meeting && !PROOF.test(before + word)) ||
      (PURPOSE_BEFORE.test(before) && !isProof) ||
      PURPOSE_WITHIN.test(word) ||
      PURPOSE_AFTER.test(after);
    words.push({ start, end, otherPurpose, qualifier, isAct: ACTS.test(word) });
  }
  return words;
}

/** Matches words beside a code which show that the code is a discount code. */
export const DISCOUNT_AFTER = new LowerCaseExpression(
  /(?:\d\s?%|[€$£]\s?\d+|\d\s?[€$£])\s(?:off|de|di|auf|op|på|na|на)(?!\p{L})|discount|rabat|korting|réduction|remise|descuento|desconto|sconto|popust|slev|zniżk|скидк|знижк|отстъпк|alennu|indirim|ส่วนลด|할인|割引|折扣/u
    .source,
);
/**
 * Matches words such as `checkout`. They show that a code with letters is a discount code; a code of digits
 * may also be a one-time code that confirms a payment at the checkout.
 */
export const CHECKOUT_AFTER = new LowerCaseExpression(
  /check-?out|(?<!\p{L})(?:cart|basket)(?!\p{L})/u.source,
);

/** Words for customer service, which precede a telephone number. */
const SERVICE =
  'customer (?:service|support|care)|helpline|hotline|kundenservice|service clients?|atención al cliente|atendimento|assistenza(?: clienti)?|klantenservice|kundtjänst|kundeservice|asiakaspalvelu|klienditugi|klientu atbalsts|klientų aptarnavimas|infolinia|(?:zákaznická|zákaznícka) linka|ügyfélszolgálat|relații clienți|обслужване на клиенти|служба (?:поддержки|підтримки)|korisnička (?:podrška|služba)|εξυπηρέτηση πελατών|müşteri hizmetleri|tổng đài(?: hỗ trợ)?|layanan pelanggan';
const SERVICE_UNSPACED =
  'خدمة العملاء|پشتیبانی|שירות לקוחות|ग्राहक सेवा|ศูนย์บริการลูกค้า|お問い合わせ|고객센터|客服热线|客服熱線|客服';

/** Words before the last digits of a card number or an account number (`card ending 2207`). */
const LAST_DIGITS = [
  'end(?:s|ing)? (?:in|with)',
  'ending',
  'last (?:four|4)(?: digits)?(?: are)?',
  'endend auf',
  'endet (?:auf|mit)',
  '(?:mit )?(?:der )?endziffern?',
  '(?:se terminant|finissant|qui se termine) par',
  '(?:terminad[ao]|acabad[ao]|(?:que )?termina|(?:que )?acaba) (?:en|em|con|com)',
  'com final',
  '(?:che termina|terminante|termina) (?:con|in)',
  'acabat en',
  'eindig(?:end|t) (?:op|met)',
  '(?:slutar|slutter|ender) (?:på|med)',
  'päättyv\\p{L}+',
  'lõpuga|lõpeb(?: numbritega)?',
  'beidzas ar',
  'besibaigian\\p{L}+|baigiasi',
  'kończąc\\p{L}+ się(?: na| cyframi)?|końcówce',
  'končíc\\p{L}+(?: na)?|končiac\\p{L}+(?: na)?|končí na',
  'végződő',
  '(?:terminat[ăe]?|se termină) (?:în|cu)',
  'завършва\\p{L}* на',
  '(?:оканчива|заканчива)\\p{L}+ на|закінчується на',
  'završava (?:s|sa|na)|konča (?:z|s)|завршава на',
  'λήγει σε',
  'kết thúc bằng|đuôi',
  'berakhir(?:an)?(?: dengan)?',
].join('|');
const LAST_DIGITS_UNSPACED =
  '尾[号號](?:为|為|是)?|末四[位碼码]|末尾|下4桁|下四桁|끝자리|끝번호|ลงท้าย(?:ด้วย)?|تنتهي ب(?:ـ)?|ينتهي ب(?:ـ)?|المنتهية ب(?:ـ)?|منتهی به|המסתיים ב-?|המסתיימת ב-?|מסתיימת? ב-?';

const NUMBERS_SPACED = `${defined(spaced.map(({ otherNumber }) => otherNumber))}|${SERVICE}|${LAST_DIGITS}`;
const NUMBERS_UNSPACED = `${defined(UNSPACED.map(({ otherNumber }) => otherNumber))}|${SERVICE_UNSPACED}|${LAST_DIGITS_UNSPACED}`;

/** Matches the text between a word such as `order` and the number after it. */
const BEFORE_NUMBER = String.raw`(?:\s(?:nr|no|n\.?º|n°|num|núm|number|numéro|número|č|nr\.|αρ|№)\.?)?[\s:：.#№º°-]*$`;

/** Matches words directly before a number which show that the number is not a one-time code. */
export const OTHER_NUMBERS = new WordExpression(
  {
    words: String.raw`${NUMBERS_SPACED}|id|nr|no|n\.?º|n°|num|number|p\.?o\.? box|vat|iban`,
    start: String.raw`(?<![\p{L}\p{M}])`,
    end: BEFORE_NUMBER,
  },
  { words: String.raw`${NUMBERS_UNSPACED}|©|\(c\)|#|№|nº`, end: BEFORE_NUMBER },
);

/** Matches the start of a sentence that describes a number (`Your ticket number is 551209`), up to the number. */
export const NUMBER_IS = new WordExpression({
  start: String.raw`(?<!\p{L}|(?:verification|security|confirmation|code|pin|one-time)\s)`,
  words: String.raw`\p{L}{0,30}(?:number|nummer)|num[eé]ro|número|numer|číslo|broj|номер`,
  end: String.raw`\s(?:\p{L}{1,20}\s){0,3}?(?:is|lautet|ist|est|es|é|è|to|je|är|er|on)\s?(?:the|le|la|el|il|o)?\s?[:：]?\s*$`,
});

/**
 * Matches an English preposition directly before a number. Such a number is usually a year, a price or a part of an
 * address, not a code (`founded in 1984`).
 */
export const PREPOSITION_BEFORE = new LowerCaseExpression(/(?<!\p{L})(?:in|of|from|until|by)\s$/u.source);

/**
 * Matches words directly after a number which show that the number is not a one-time code (Turkish `5
 * numaralı`, Hungarian `5 számú`).
 */
export const OTHER_NUMBER_AFTER = new WordExpression({
  start: String.raw`(?<=^\s?)`,
  words: String.raw`of (?:them|these|those|the|our|all|which|whom|you)(?!\p{L})|davon(?!\p{L})|von (?:ihnen|denen)|d['’]entre|de (?:ellos|ellas)|del(?:es|as)(?!\p{L})|di (?:loro|essi|esse)|daarvan|van hen|av dem|av disse|af dem|heistä|niistä|neist|z nich|из них|із них|з них|od njih|od toga|від усіх|numaralı|nolu|no['’]lu|számú|sorszámú|nömrəli|raqamli|нөмірлі|номерлүү|дугаартай|نمبر والی|(?:takip|sipariş|kargo|müşteri|fatura|referans|abone|başvuru)\s(?:no|numara|kod)|\p{L}{3,20}szám(?!jegy|sor)|ile biten|végű|番の|번\s|पर समाप्त`,
});

/** Words in capital letters that often occur in messages with codes, but are not codes themselves. */
export const NO_CODES = new Set(
  'ABOVE BELOW CODE CODES YOUR YOURS HELP HELLO EMAIL LOGIN SIGN CLICK HERE THIS THAT WITH FROM DEAR TEAM HTTP HTTPS HTML NOTE PLEASE VERIFY ENTER SUPPORT SECURE SECURITY ACCOUNT PASSWORD SUBJECT IMPORTANT WARNING EXPIRES DATE TIME UTF8 COPY THANKS WELCOME CONFIRM SUBMIT VALID ONLY NEVER SHARE'.split(
    ' ',
  ),
);

/**
 * Matches words such as `since`, which show that a number after them is a year if it has the form of a year.
 */
export const YEAR_BEFORE = new WordExpression(
  {
    words:
      "in|im|i|în|și în|under|tokom|během|počas|pada|sepanjang|árið|bis|seit|ab|until|till|since|through|by|jusqu['’](?:en|à)|en|depuis|hasta|desde|até|desde|em|fino al|dal|nel|tot|in|sinds|til|till|från|fra|siden|vuoteen|vuonna|vuodesta|aastani|aastal|kuni|līdz|kopš|iki|nuo|do|od|w|roku|v|rok|până în|din|până|до|от|от|с|през|след|з|від|у|од|u|leta|μέχρι|έως|από|το|yılı|đến|năm|từ|hingga|sampai|tahun|sejak",
    start: WHOLE_START,
    end: String.raw`${WHOLE_END}\s$`,
  },
  {
    words:
      '©|截至|直到|至|まで|حتى|منذ|عام|سنة|تا|سال|עד|משנת|בשנת|सन|बाद|ถึง|ปี|พ\\.ศ\\.|ค\\.ศ\\.|ຄ\\.ສ\\.|ພ\\.ສ\\.|ព\\.ស\\.|ปีพุทธศักราช|พุทธศักราช|शके|संवत|वि\\.सं\\.',
    end: String.raw`\s?$`,
  },
);
/**
 * Matches words for `year` after a number, which show that the number is a year if it has the form of a year.
 */
export const YEAR_AFTER = new WordExpression({
  start: String.raw`(?<=^\.?\s?)`,
  words: String.raw`aastal|a\.|gad[āau]|m\.|metais|metų|-?b[ae]n(?!\p{L})|жылы|жыл|онд|оны|წელს|წ\.|թ\.|թվական|में|年|년|সালে|साल|года?(?!\p{L})|год[уі](?!\p{L})|року|yılı|r\.|g\.|г\.|هـ|ه(?!\p{L})|هجری|هجري|شمسی|قمری|میلادی|ميلادي|a\.?h(?!\p{L})|b\.?e(?!\p{L})`,
});

/**
 * Matches an instruction to send a keyword to a short telephone number (`Text CODE to 12345`), up to the
 * number.
 */
export const SHORT_NUMBER_BEFORE = new WordExpression({
  start: String.raw`(?<!\p{L})`,
  words: String.raw`text|sms|send\p{L}*|skicka|envo\p{L}+|env[íi]\p{L}+|invia\p{L}*|stuur|wyślij\p{L}*|pošlete|pošlite|pošalji\p{L}*|küld\p{L}+|lähetä|saatke|saada|sūti\p{L}*|siųsk\p{L}*|trimite\p{L}*|изпрат\p{L}+|отправ\p{L}+|надішл\p{L}+|στείλτε|gönder\p{L}*|soạn|kirim`,
  end: String.raw`\s.{1,24}\s(?:to|an|til|till|à|au|a|al|para|naar|na|numeroon|numbrile|uz|numuru|numeriu|la|на|στο|gửi|ke)\s$`,
});

/**
 * Matches the text after a number if the number is to be entered in a form field that is not for codes
 * (`enter 2500 in the amount field`). The name of the field must follow within a few words, in the same
 * sentence.
 */
export const FIELD_AFTER = new LowerCaseExpression(
  /^[^.!?;,\n]{1,24}?(?<!\p{L})(?:(?:order|reference|customer|invoice|tracking|account|booking|parcel) (?:number|code)|zip|post(?:al|code|leit|nummer|number|numm|nr|inum|s)|amount|quantity|price|salary|extension|betrag|menge|preis|montant|quantité|prix|code postal|import|cantidad|precio|monto|quantidade|preço|cep(?!\p{L})|cap(?!\p{L})|quantità|prezzo|bedrag|aantal|huisn|prijs|belopp|antal|pris(?!\p{L})|beløp|beløb|antall|summa|määrä|sihtnumb|kogus|pasta indeks|summ|daudzum|pašto|sum[aąo]|kod pocztowy|kwot|ilość|psč|částk|množstv|sumu|irányítószám|összeg|mennyiség|sumă|cantitate|preț|cod(?:ul)? poștal|пощенски|сума|количество|индекс|сумм|количеств|індекс|сум|кількіст|poštansk|poštn|iznos|znesek|količin|ποσό|ποσότητα|τιμή|ταχυδρομικ|posta kodu|tutar|miktar|fiyat|số tiền|số lượng|mã bưu|kode ?pos|jumlah|harga)/u
    .source,
);
