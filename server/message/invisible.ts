/**
 * Removes characters that a reader does not see. A sender can hide words from people in them, or use them to
 * disguise a word.
 */

/**
 * Matches characters without a visible form: control characters except tab and line feed, soft hyphens, fillers,
 * zero-width characters, direction marks, interlinear annotations, tags (which can encode a whole hidden text)
 * and supplementary variation selectors.
 */
const INVISIBLE =
  // eslint-disable-next-line no-control-regex, no-misleading-character-class -- the pattern matches these characters on purpose
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0\ufff9-\ufffb\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]/gu;
/** Matches zero-width joiners that join neither two letters of a script that needs them nor two emoji. */
const STRAY_JOINER =
  /(?<=[\s\u0021-\u007e\u200c\u200d]|^)[\u200c\u200d]|[\u200c\u200d](?=[\s\u0021-\u007e\u200c\u200d]|$)/g;

interface VisibleCharacters {
  readonly text: string;
  /** The number of code points that were removed. */
  readonly removed: number;
}

/** Removes the invisible characters of a text, and counts them. Line ends become line feeds. */
export function removeInvisible(text: string): VisibleCharacters {
  let removed = 0;
  const count = (): string => {
    removed++;
    return '';
  };
  const shown = text
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replace(INVISIBLE, count)
    .replace(STRAY_JOINER, count);
  return { text: shown, removed };
}
