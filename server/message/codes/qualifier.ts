/**
 * Recognizes words beside the word `code` that name an unknown kind of code: `Takkode`, `mower code`, `código de
 * armario`. In a message without any word about identity, such a word announces no one-time code.
 */

import { LowerCaseExpression, WordExpression } from './word-expression.ts';

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
export function isUnknownCompound(word: string): boolean {
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
  /^(?:v[ée]rif|segur|sécur|sicur|s[ei]gur|secur|acc|ac[eé]s|descid|deschid|abrir|abertur|apert|ouvert|ouvr|obert|obr|ridic|confirm|conf[ei]rm|identi|aut|valida|us|uso|un|una|único|usage|activ|attiv|ativa|inici|início|sess|entr|ingr|regist|registr|inscri|conex|connex|connec|login|d[ií]git|chiffre|cifr|caract|caratt|n[uú]mer|récup|recup|ripri|rest|réinit|reinit|retir|retra|retira|levant|ritir|recog|pago|pag|paiem|transf|transa|desbloq|débloc|déverr|sblocc|seis|six|sei|quatre|cuatro|quatro|quattro|cinco|cinq|cinque|ocho|huit|otto|cuatro|abajo|abaixo|ci-d|dispos|compt|cont|minut|hor|heur|ore|esta|este|cette|ce|votre|tu|su|seu|sua|tua|tuo|sms|mail|correo|email|verda|doble|duplo|dos|dois|due|deux|opera|firma|signa|acord|ofert|liber|libér|lliber|aprob|aprov|approv|approb|autor|permi|consent|désac|désarm|lev[ée]e|rilasc|sblocc|conced|habilit|legitim|empar|apair|associ|abbin|vincul|emparej)/u;

const AFTER_OF =
  /^\s(?:(?:de|di|da|do|del|della|du)\s(?:(?:la|el|l|o|a|le|il)\s)?|dell['’]\s?|d['’]|de\sl['’])(\p{Ll}{3,})/u;

/**
 * Returns whether the words beside a word for a code name an unknown kind of code. `before` and `after` are the
 * texts on both sides of the word.
 */
export function isUnknownQualifier(word: string, before: string, after: string): boolean {
  if (/^codes?$/i.test(word)) {
    const qualifier = /(?<![\p{L}\p{N}'’])(\p{Ll}{2,})[ -]$/u.exec(before)?.[1];
    if (qualifier !== undefined && !KNOWN_BEFORE.test(qualifier)) return true;
  }
  if (!/^c[oòó]d/iu.test(word)) return false;
  const noun = AFTER_OF.exec(after)?.[1];
  return noun !== undefined && !KNOWN_AFTER.test(noun);
}
