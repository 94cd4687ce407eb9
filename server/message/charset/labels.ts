/**
 * Maps charset labels (IANA registry, WHATWG Encoding Standard, and spellings in real mail) to the codecs that
 * decode them. A label that is not in the table selects no codec, so a hostile label cannot select a codec of
 * iconv-lite that is not a charset.
 */

/**
 * Names of the decoders of this folder, which do not use iconv-lite. `ascii` and `western` (Latin-1) are
 * decoded as UTF-8 if the bytes are valid UTF-8.
 */
type OwnKind = 'utf-8' | 'ascii' | 'western' | 'iso-2022' | 'hz' | 'utf-7';
export type Codec =
  | { readonly kind: OwnKind }
  /** A codec of iconv-lite: its name, and in `wide` the number of octets of a code unit. */
  | { readonly kind: 'iconv'; readonly name: string; readonly wide: 1 | 2 | 4 };

/**
 * Charset labels in lower case and without punctuation: one line for each codec. A line begins with the name
 * of the codec in iconv-lite, which is also a label.
 */
const ICONV = `
cp437: ibm437 437 pc8codepage437
cp720: ibm720
cp737: ibm737
cp775: ibm775 775 pc775baltic
cp808: ibm808
cp850: ibm850 850 pc850multilingual
cp852: ibm852 852 pcp852
cp855: ibm855 855
cp856: ibm856
cp857: ibm857 857
cp858: ibm858 858 cp00858 ibm00858 ccsid00858 pcmultilingual850euro
cp860: ibm860 860
cp861: ibm861 861 cpis
cp862: ibm862 862 pc862latinhebrew
cp863: ibm863 863
cp864: ibm864
cp865: ibm865 865
cp866: ibm866 866
cp869: ibm869 869 cpgr
cp922: ibm922
cp1046: ibm1046
cp1124: ibm1124
cp1125: ibm1125 cp866u
cp1129: ibm1129
cp1133: ibm1133
cp1161: ibm1161
cp1162: ibm1162
cp1163: ibm1163
windows1250: cp1250 win1250 ms1250 msee 1250 ansi1250 iso88592windowslatin2 windows31latin2
windows1251: cp1251 win1251 ms1251 mscyrl 1251 ansi1251
windows1253: cp1253 win1253 ms1253 msgreek 1253 ansi1253
windows1254: cp1254 win1254 ms1254 msturk 1254 ansi1254 iso88599 l5 latin5 isoir148 isolatin5 turkish turkish8 iso88599windowslatin5 windows31latin5
windows1255: cp1255 win1255 ms1255 mshebr 1255 ansi1255
windows1256: cp1256 win1256 ms1256 msarab 1256 ansi1256
windows1257: cp1257 win1257 ms1257 winbaltrim 1257 ansi1257
windows1258: cp1258 win1258 ms1258 1258
windows874: cp874 win874 dos874 iso885911 tis620 tis6200 tis62025291 tis62025330 thai thai8 isoir166
iso88592: l2 latin2 isoir101 isolatin2
iso88593: l3 latin3 isoir109 isolatin3
iso88594: l4 latin4 isoir110 isolatin4
iso88595: isoir144 cyrillic isolatincyrillic
iso88596: isoir127 ecma114 asmo708 arabic isolatinarabic iso88596e iso88596i
iso88597: isoir126 elot928 ecma118 greek greek8 isolatingreek suneugreek
iso88598: isoir138 hebrew hebrew8 isolatinhebrew iso88598e iso88598i logical visual
iso885910: l6 latin6 isoir157 isolatin6
iso885913: latin7 isoir179
iso885914: latin8 l8 isoir199 isoceltic
iso885915: latin9 l9 isolatin9 isoir203
iso885916: latin10 l10 isoir226
koi8r: koi8 koi cp20866 ibm878
koi8ru: koi8u cp21866 ibm1168
koi8t
macintosh: mac macroman
maccenteuro: macce maccentraleurope
maccroatian
maccyrillic
macukraine: macukrainian
macgreek
maciceland
macromania
macthai
macturkish
armscii8
rk1048: strk10482002 kz1048
tcvn: tcvn5712 tcvn57121
georgianacademy
georgianps
pt154: ptcp154 cp154 cyrillicasian
viscii
hproman8: roman8 r8 ibm1051
iso646cn: gb198880 cn iso57gb1988 isoir57
iso646jp: jisc62201969ro jp isoir14 iso14jisc6220ro
mik
shiftjis: sjis mskanji ms932 cp932 windows932 windows31j ms31j jisx0201 x0201 halfwidthkatakana cp943
eucjp: ujis eucpkdfmtjapanese extendedunixcodepackedformatforjapanese cp51932 eucjpms eucjpwin
gb18030: gb2312 gb231280 iso58gb231280 gb23121980 isoir58 chinese gbk cp936 ms936 windows936 936 euccn cp54936 gb180302000 gb180302005
cp949: euckr ksc56011987 ksc56011989 ksc5601 isoir149 korean ms949 windows949 uhc ksc5861
big5hkscs: big5 cnbig5 xbig5 cp950 ms950 windows950 950 big5eten bigfive big5hkscs1999 big5hkscs2004
cesu8
`;
const WIDE: readonly (readonly [name: string, wide: 2 | 4, labels: string])[] = [
  [
    'utf16',
    2,
    'utf16 ucs2 unicode unicode11 iso10646ucs2 iso10646 iso10646j1 unicodejapanese iso10646ucsbasic unicodeascii iso10646unicodelatin1 unicodelatin1 unicodefeff',
  ],
  ['utf16le', 2, 'utf16le ucs2le'],
  ['utf16be', 2, 'utf16be ucs2be unicodefffe'],
  ['utf32', 4, 'utf32 ucs4 iso10646ucs4'],
  ['utf32le', 4, 'utf32le ucs4le'],
  ['utf32be', 4, 'utf32be ucs4be'],
];
const KINDS: readonly (readonly [kind: OwnKind, labels: string])[] = [
  ['utf-8', 'utf8 utf8mb3 utf8mb4 unicode11utf8 unicode20utf8 xunicode20utf8 cputf8 utf8n cp65001 65001'],
  [
    'ascii',
    'ascii usascii ansix34 ansix341968 ansix341986 iso646us iso646irv iso646irv1991 iso646basic invariant isoir6 us ' +
      'ibm367 cp367 iso646basic1983 ref isoir2 irv iso2intlrefversion',
  ],
  [
    'western',
    'iso88591 iso8859 latin1 l1 isolatin1 isoir100 ibm819 cp819 windows1252 cp1252 win1252 ms1252 msansi 1252 ansi1252 ' +
      'iso88591windows30latin1 windows30latin1 iso88591windows31latin1 windows31latin1 ansi',
  ],
  [
    'iso-2022',
    'iso2022jp iso2022jp1 iso2022jp2 iso2022jp3 iso2022jp2004 iso2022jpext iso2022jpms iso2022 jis jisencoding ' +
      'cp50220 cp50221 cp50222 50220 50221 50222 iso2022kr cp50225 50225 cp949kr iso2022cn iso2022cnext cp50227',
  ],
  ['hz', 'hz hzgb2312 hzgb cp52936'],
  ['utf-7', 'utf7 unicode11utf7 unicode20utf7 cp65000 65000'],
];
/** Labels that programs write if they do not know the charset of the text. */
const VAGUE = new Set(
  'unknown unknown8bit csunknown8bit xunknown 8bit 7bit binary default none null undefined userdefined xuserdefined auto'.split(
    ' ',
  ),
);

/**
 * Returns a label in lower case without punctuation, and without a year at its end (as in `ISO_8859-1:1987`).
 */
const plain = (label: string): string =>
  label
    .toLowerCase()
    .replace(/[^a-z0-9:]/g, '')
    .replace(/:(?:19|20)\d\d$/, '')
    .replaceAll(':', '');

function readTable(): ReadonlyMap<string, Codec> {
  const table = new Map<string, Codec>();
  const add = (codec: Codec, labels: string): void => {
    for (const label of labels.split(' ')) table.set(label, codec);
  };
  for (const line of ICONV.trim().split('\n')) {
    const [name = '', labels] = line.split(': ');
    add({ kind: 'iconv', name, wide: 1 }, labels === undefined ? name : `${name} ${labels}`);
  }
  for (const [name, wide, labels] of WIDE) add({ kind: 'iconv', name, wide }, labels);
  for (const [kind, labels] of KINDS) add({ kind }, labels);
  return table;
}
const TABLE = readTable();

/**
 * Extracts a charset label from the malformed values of broken headers: removes quotes, a leading `charset=`,
 * and text after the label (`utf-8; format=flowed`).
 */
const bare = (label: string): string =>
  /^[\s"'=_]*(?:charset\s*=)?[\s"'=_]*([^\s"';,]*)/i.exec(label)?.[1]?.slice(0, 60) ?? '';

/**
 * Looks up a normalized charset name. Names that are not found are looked up again without the prefix `cs`
 * (RFC 2978 §2.3) or `x`, and with the prefix `iso` if they begin with `8859`.
 */
function lookUp(name: string): Codec | undefined {
  return (
    TABLE.get(name) ??
    (name.startsWith('cs') ? TABLE.get(name.slice(2)) : undefined) ??
    (name.startsWith('x') ? TABLE.get(name.slice(1)) : undefined) ??
    (name.startsWith('8859') ? TABLE.get(`iso${name}`) : undefined)
  );
}

/** Maximum number of cached labels; limits the memory if a sender writes a different label in each message. */
const MAX_REMEMBERED = 200;
const remembered = new Map<string, Codec | null>();

/** Returns the codec for a MIME charset label; `null` for an unknown label. */
export function codecFor(label: string): Codec | null {
  let codec = remembered.get(label);
  if (codec === undefined) {
    codec = lookUp(plain(bare(label))) ?? null;
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    remembered.set(label.slice(0, 100), codec);
  }
  return codec;
}

/** Returns whether a label is empty or means "unknown" (`unknown-8bit`, `default`). */
export function isVague(label: string): boolean {
  const name = plain(bare(label));
  return name === '' || VAGUE.has(name);
}
