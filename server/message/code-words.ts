/** The words that tell a one-time code from any other number, in the languages that senders' templates come in. */

/** Letters of the scripts that put blanks between words; the others write codes right beside them. */
export const LETTERS = String.raw`\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}`;

const word = (alternatives: string): string =>
  `(?<![${LETTERS}\\p{N}])(?:${alternatives})(?![${LETTERS}\\p{N}])`;

/** Words that announce a code. */
export const CODE_WORDS = new RegExp(
  [
    word(
      '(?:pass|kenn|zugangs|sicherheits|bestätigungs|verifizierungs|anmelde|einmal|freischalt|aktivierungs)?(?:code|kode)s?',
    ),
    word(
      'kod|kodu|kodı|koodi|koden|kodas|kodo|cod|codul|código|codigo|codi|codice|kód|kódja|kodunuz|doğrulama|onay',
    ),
    word(
      'otp|totp|pin|tan|2fa|mfa|passcode|one[\\s-]?time|two[\\s-]?(?:factor|step)|einmalpasswort|einmalkennwort',
    ),
    word(
      'verification|verify|verifizier\\p{L}*|vérification|verificación|verificação|verifica|verificatie|weryfikacyjny',
    ),
    word('temporary password|security token|login token|access token|contraseña temporal|senha temporária'),
    word('mot de passe (?:à usage )?(?:unique|temporaire)'),
    '验证码|驗證碼|校验码|动态码|動態碼|確認コード|認証コード|認証番号|暗証番号|ワンタイム|コード|인증\\s?번호|인증\\s?코드|확인\\s?코드|코드',
    'код|пин|одноразов|подтверждени|пароль|رمز|كود|קוד|सत्यापन|ओटीपी|कोड|รหัส|κωδικός|κωδικό|mã xác|mã otp',
  ].join('|'),
  'giu',
);

/** Words that make a code of the word after them no secret: those codes are for something else. */
export const OTHER_CODE =
  /(?:promo|promotion(?:al)?|discount|coupon|voucher|gift|referral|invite|postal|post|zip|area|country|error|status|source|qr|bar|tracking|booking|reservation|order|product|dress|rabatt|gutschein|aktions|promoción|promozionale|remise|sort|swift|vat|tax|colou?r|http)[\s-]*$/iu;

/** Words that name what a number is when it isn't a code; they stand right before it. */
export const OTHER_NUMBERS = new RegExp(
  String.raw`(?:\b(?:order|invoice|ticket|tracking|reference|ref|customer|account|case|booking|reservation|confirmation number|transaction|payment|receipt|policy|contract|member(?:ship)?|id|nr|no|num|number|phone|tel|telephone|fax|mobile|call|call us|zip|plz|postal|p\.?o\.? box|box|suite|ste|unit|floor|room|flight|gate|version|build|release|copyright|since|in|of|from|until|by|year|port|error|status|total|amount|price|sum|balance|bestellung|bestellnummer|rechnung|rechnungsnummer|kundennummer|commande|facture|pedido|factura|ordine|fattura|zamówienie|заказ|телефон|тел|订单|注文|주문|hrb|vat|siret|siren|iban|ends? (?:in|with)|ending|expires?|within|last)|©|\(c\)|#|№)[\s:.#№-]*$`,
  'iu',
);

/** Units after a number: it counts something. */
export const UNITS =
  /^\s?(?:%|‰|px|pt|em|rem|kg|km|cm|mm|m²|gb|mb|kb|tb|€|\$|£|¥|₽|zł|kr|eur|usd|gbp|chf|dollars?|euros?|cents?|points?|punkte|credits?|minutes?|mins?|minuten|hours?|hrs?|stunden|days?|tage|seconds?|secs?|weeks?|months?|years?|jahre|people|users?|customers|items?|followers|views|employees|miles|street|st\.|avenue|ave\b|road|rd\.|a\.?m\b|p\.?m\b|uhr|分|秒|小时|分钟|元|円|원)(?![\p{L}\p{N}])/iu;

/** Words in capitals that stand beside codes and are none. */
export const NO_CODES = new Set(
  'ABOVE BELOW CODE CODES YOUR YOURS HELP HELLO EMAIL LOGIN SIGN CLICK HERE THIS THAT WITH FROM DEAR TEAM HTTP HTTPS HTML NOTE PLEASE VERIFY ENTER SUPPORT SECURE SECURITY ACCOUNT PASSWORD SUBJECT IMPORTANT WARNING EXPIRES DATE TIME UTF8 COPY THANKS WELCOME CONFIRM SUBMIT VALID ONLY NEVER SHARE'.split(
    ' ',
  ),
);
