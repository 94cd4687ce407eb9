/**
 * Recognizes words beside the word `code` that name an unknown kind of code: `Takkode`, `mower code`, `código de
 * armario`, `stok kodu`. No list can have all kinds of codes. Therefore the rule is turned around: a word beside the
 * noun is either known to name a one-time code, or names a code with another purpose, unless the same sentence has
 * other evidence of a one-time code. In a message without any word about identity, a noun with an unknown kind
 * announces no one-time code; in other messages, it announces one with less confidence.
 */

import { asksForEntry, asksForUse } from './entry.ts';
import { isIdentity } from './purpose.ts';
import { BETWEEN_NOUNS, FUNCTION, JOINED, PROOF_SPACED, PROOF_UNSPACED } from './qualifier-words.ts';
import { STOPS, WORD_START } from './whole-word.ts';
import { LowerCaseExpression, WordExpression } from './word-expression.ts';

/**
 * Returns how the words beside a noun such as `code` qualify it: `known` for a one-time code or for no qualifier,
 * `uncertain` for a word that may be the name of a service (`Subscriber code`), `unknown` for all other words.
 */
export type Qualifier = 'known' | 'uncertain' | 'unknown';

/** Matches the word for a code at the end of a compound, in languages with compounds. */
const CODE_AT_END = new LowerCaseExpression(
  /(?:codes?|kodes?|kode[nt]?|kod(?:en|i|iga)?|koodi\p{L}*|kód\p{L}*|kóð\p{L}*|kodea?k?|kodearekin)$/u.source,
);

/**
 * Matches the first part of a compound that names a one-time code (`pass`, `pin`), and the empty first part of a
 * word that is not a compound.
 */
const KNOWN_COMPOUND = new WordExpression({
  start: '^',
  words:
    String.raw`$|pass|pin|sms|otp|tan|e?-?mail|app|web|login|log|sign|auth|verif|veri|identi|` +
    [
      'bestätig|sicherheit|einmal|einlog|anmeld|zugang|zugriff|aktivier|freischalt|registrier|prüf|kontroll|mobil|zahlen|ziffern|geräte|kopplung|wiederherstell|backup|reset|rücksetz|abhol|freigabe|transaktion|zwei|hand|voucher-frei|entsperr|entriegel|genehmig|autorisier|zustimm|legitim|einricht|verbind|anforder|antwort|einmalig|schließfach|fach|box|packstation|öffnung',
      'bevestig|beveilig|inlog|toegang|activ|aanmeld|eenmal|controle|cijfer|registr|koppel|herstel|afhaal|ophaal|veilig|geheim|vrijga|vrijgave|ontgrendel|deblokk|goedkeur|autoris|akkoord|onderteken',
      'bekräft|säkerhet|engång|inlogg|aktiver|åtkomst|hämt|upphämt|avhämt|skåp|lucka|återställ|siffer|kvitter|utlämn|upplås|lås|godkänn|frisläpp|frigiv|frigör|behörig|auktoris|signer|tillstånd|tillträdes',
      'bekreft|bekræft|stadfest|sikkerhet|sikkerhed|engang|eingong|pålogg|innlogg|adgang|tilgang|tilgjenge|hent|gendann|gjenopp|nulstil|godkend|godkjen|utlever|udlever|opplås|oplås|frigiv|frigjør|frigør|autoris|auktoris|signer|underskrift|tillad|tillat',
      'vahvist|kirjaut|turva|aktivoin|kerta|todenn|tunnist|tunnus|noud|nouto|pääsy|palaut|varmist|rekister|pari|lunastus|avaus|lokero|suoja|ovi|vapaut|hyväksy|valtuut|lupa|luvan|lukituksen|allekirjoit|kuitta',
      'kinnit|sisselog|aktiveer|ühekord|autent|logi|pääsu|taasta|väljasta|ukse|kapi|luku|isikutuvas|kaheastme|vabasta|heakskii|lubamis|luba|volita|allkirja|lukust',
      'megerősít|hitelesít|ellenőrz|ellenőrző|biztonság|belép|bejelent|aktivál|egyszer|azonosít|jelsz|regiszt|visszaáll|átvétel|átvételi|felold|jóváhagy|engedély|nyit|kinyit|aláír|feloldó',
      'staðfest|innskrán|öryggis|auðkenn|aðgang|einnota|virkj|sann|afhend|opnun|hólf|einskiptis|losun|samþykk|heimild|undirrit|aflæs',
      'egiazta|segurtasun|sarbide|behin|berrespen|aktibazio|doğrulama|giriş|onay|güvenlik|aktivasyon|şifre|teslim',
      'sécherheet|bestätegung|umell|aschreiw|ofhuel|staðfestingar|váttan|trygd|innrit',
    ].join('|'),
});

/**
 * Returns whether a word is a compound that ends with the word for a code and begins with an unknown kind
 * (`Takkode`).
 */
function isUnknownCompound(word: string): boolean {
  const index = CODE_AT_END.search(word);
  return index !== -1 && !KNOWN_COMPOUND.test(word.slice(0, index).replace(/-$/, ''));
}

/**
 * Matches lower-case words that may be directly before the word `code` without making it an unknown kind of code:
 * words such as `your`, and words for kinds of one-time codes.
 */
const KNOWN_BEFORE =
  /^(?:your|the|this|that|a|an|my|our|their|its|her|his|one|each|any|every|no|new|fresh|current|latest|following|above|below|next|last|first|second|same|secret|private|personal|unique|single|digit|digits|numeric|number|letter|character|alphanumeric|verification|verify|security|confirmation|confirm|login|logon|in|on|access|authentication|authorization|authorisation|auth|time|use|temporary|backup|recovery|reset|activation|registration|signup|up|pairing|device|pickup|collection|delivery|unlock|unlocking|locker|parcel|sms|email|mail|e-mail|app|factor|step|validation|secure|safe|dynamic|payment|transaction|transfer|approval|release|releasing|approving|authorize|authorizing|clearance|link|session|signing|signature|challenge|enrollment|enrolment|setup|onboarding|pin|otp|mobile|phone|parental|account|user|enter|type|copy|paste|with|of|or|and|is|as|to|for|by|linking|le|la|les|un|une|votre|ton|vos|ce|cet|de|des|du|nouveau|je|uw|jouw|een|deze|het|nieuwe|der|die|den|dem|dein|deine|deinen|ihr|ihre|ihren|euer|einen|einem|diesen|diesem|dieser|neuer|neuen|mit|per|via|por|con|com|com o|ang|ng|mga|iyong|sa|ary|ären|äre|däin|deng|voici|suivant|el|ten|tento|ur|op|avec|sans)$/u;

/**
 * Matches stems of words that may follow `code of` in Romance languages without making it an unknown kind of code,
 * such as the stem of `verification`.
 */
const KNOWN_AFTER =
  /^(?:v[ée]rif|segur|sécur|sicur|s[ei]gur|secur|acc|ac[eé]s|descid|deschid|abrir|abertur|apert|ouvert|ouvr|obert|obr|ridic|confirm|conf[ei]rm|identi|aut|valida|us|uso|un|una|único|usage|activ|attiv|ativa|inici|início|sess|entr|ingr|regist|registr|inscri|conex|connex|connec|login|d[ií]git|chiffre|cifr|caract|caratt|n[uú]mer|récup|recup|ripri|rest|réinit|reinit|retir|retra|retira|levant|ritir|recog|pago|pag|paiem|transf|transa|desbloq|débloc|déverr|sblocc|seis|six|sei|quatre|cuatro|quatro|quattro|cinco|cinq|cinque|ocho|huit|otto|cuatro|abajo|abaixo|ci-d|dispos|compt|cont(?!ri)|minut|hor|heur|ore|est[ae](?!\p{L})|cette|ce|votre|tu|su|seu|sua|tua|tuo|sms|mail|correo|email|verda|doble|duplo|dos|dois|due|deux|opera|firma|signa|acord|ofert|liber|libér|lliber|aprob|aprov|approv|approb|autor|permi|consent|désac|désarm|lev[ée]e|rilasc|sblocc|conced|habilit|legitim|empar|apair|associ|abbin|vincul|emparej)/u;

const AFTER_OF =
  /^\s(?:(?:de|di|da|do|del|della|du)\s(?:(?:la|el|l|o|a|le|il)\s)?|dell['’]\s?|d['’]|de\sl['’])(\p{Ll}{3,})/u;

/**
 * Returns whether the words beside a word for a code name an unknown kind of code. `before` and `after` are the
 * texts on both sides of the word.
 */
function isUnknownBeside(word: string, before: string, after: string): boolean {
  if (/^codes?$/i.test(word)) {
    const qualifier = /(?<![\p{L}\p{N}'’])(\p{Ll}{2,})[ -]$/u.exec(before)?.[1];
    if (qualifier !== undefined && !KNOWN_BEFORE.test(qualifier) && !FUNCTION.has(qualifier)) return true;
  }
  if (!/^c[oòó]d/iu.test(word)) return false;
  const noun = AFTER_OF.exec(after)?.[1];
  return noun !== undefined && !KNOWN_AFTER.test(noun);
}

/** Matches a noun such as `code`, which names a code of any kind, in all languages that put blanks between words. */
const ANY_CODE = new LowerCaseExpression(
  String.raw`^(?:c[oòó]d|ch?[oó]d|k[oóòô]d|kood|kowd|kòd|koade|kot[au]|код|κωδικ|կոդ|کد|رمز|كود|کوڈ|[הבלש]?קוד|कोड|কোড|কোড)(?![^]*\s)`,
);

/** Matches the words between the noun and a value after it, if only a colon or a similar sign is before the value. */
const LABELLED = new RegExp(
  String.raw`^(?<words>[^.!?,;:()\n=|"«»${STOPS}]{0,40}?)(?:\s?[:：=]|\s?\n|\s)\s?["'“«*_(]{0,3}(?:\d[\d -]{2,10}\d|(?=[A-Z-]{0,8}\d)[A-Z\d-]{4,12}|[A-Z]{4,10}(?![\p{L}\d]))`,
  'u',
);
const CLAUSE_END = new RegExp(String.raw`[.!?,;:()|•·–—\n"«»${STOPS}]`, 'u');
const SENTENCE_END = new RegExp(String.raw`[.!?](?=\s)|[${STOPS}\n]`, 'u');

/** Matches the abbreviation of the noun (`cod. 2401`), which is usual in lists of articles. */
const ABBREVIATED = /^[ck][oó]d$/iu;

const PROOF = new WordExpression({ words: PROOF_SPACED, start: WORD_START }, { words: PROOF_UNSPACED });

/** Returns whether a word beside the noun names a one-time code or has no meaning of its own. */
const isKnown = (word: string): boolean =>
  FUNCTION.has(word.toLowerCase()) || isIdentity(word) || PROOF.test(word);

/** Returns whether a sentence has evidence that a code in it is a one-time code. */
const hasEvidence = (sentence: string): boolean =>
  isIdentity(sentence) || asksForEntry(sentence) || asksForUse(sentence);

/** The words of the label of a value, around a noun such as `code` in the label. Words are in their letter case. */
interface Label {
  /** The word directly before the noun, in the same clause; empty if there is none. */
  readonly previous: string;
  /** The first two words between the noun and the value; empty if there are none. */
  readonly next: string;
  readonly second: string;
  /** Whether the noun is an abbreviation with a full stop. */
  readonly isAbbreviated: boolean;
}

/** Returns the label of the value after a noun such as `code`; `undefined` if no value follows the noun. */
function labelOf(word: string, before: string, after: string): Label | undefined {
  const isAbbreviated = ABBREVIATED.test(word) && after.startsWith('.');
  const rest = isAbbreviated ? after.replace(/^\.(?: ?\p{L}{1,6}\.)?/u, '') : after;
  const words = LABELLED.exec(rest)?.groups?.['words'];
  if (words === undefined) return undefined;
  const [next = '', second = ''] = words.trim().split(/\s+/);
  const clause = before.split(CLAUSE_END).at(-1) ?? '';
  return { previous: clause.trim().split(/\s+/).at(-1) ?? '', next, second, isAbbreviated };
}

/** Returns whether the words between the noun and the value name another kind of code (`kod pembiller`). */
function isUnknownAfter({ previous, next, second }: Label): boolean {
  if (next !== '' && !isKnown(next)) return true;
  return previous === '' && BETWEEN_NOUNS.has(next) && /^\p{Ll}/u.test(second) && !isKnown(second);
}

/** Returns how the words of a label qualify a noun such as `code`, if its sentence has no other evidence. */
function qualifierOfLabel(label: Label): Qualifier {
  const { previous, isAbbreviated } = label;
  if (isAbbreviated || isUnknownAfter(label)) return 'unknown';
  if (previous === '' || isKnown(previous.replace(/-$/, ''))) return 'known';
  return /^\p{Lu}/u.test(previous) && !previous.endsWith('-') ? 'uncertain' : 'unknown';
}

const JOINED_NOUNS = JOINED.map(({ noun, before, after, known }) => ({
  noun,
  before,
  after,
  known: new LowerCaseExpression(known),
}));
/** Matches a value after a noun, with at most a particle, a sign or a qualifier between them. */
const JOINED_VALUE = /^[\p{L}\p{M}]{0,24}\s?[:：=]?\s?["「『(（]?[A-Z\d-]{3}/u;

/** Returns whether a qualifier that is joined with the noun for a code names another kind of code (`店舗コード`). */
function isUnknownJoined(word: string, before: string, after: string): boolean {
  const joined = JOINED_NOUNS.find(({ noun }) => noun === word.trim());
  if (joined === undefined || !JOINED_VALUE.test(after)) return false;
  const qualifier = (joined.before?.exec(before) ?? joined.after?.exec(after))?.[0];
  return qualifier !== undefined && !joined.known.test(qualifier);
}

/**
 * Returns how the words beside a noun such as `code` qualify it. `before` and `after` are the texts on both sides of
 * the noun.
 */
export function qualifierOf(word: string, before: string, after: string): Qualifier {
  if (isUnknownCompound(word) || isUnknownBeside(word, before, after)) return 'unknown';
  const label = ANY_CODE.test(word) ? labelOf(word, before, after) : undefined;
  const qualifier = label === undefined ? undefined : qualifierOfLabel(label);
  const found = qualifier ?? (isUnknownJoined(word, before, after) ? 'unknown' : 'known');
  if (found === 'known') return found;
  const start = before.split(SENTENCE_END).at(-1) ?? '';
  const end = after.split(SENTENCE_END, 1)[0] ?? '';
  return hasEvidence(`${start}${word}${end}`) ? 'known' : found;
}
