/**
 * Text with `format=flowed` (RFC 3676): lines that end in a blank go on in the next one of the same quote depth.
 * One pass; done here because joining line by line in a stream takes minutes for megabytes.
 */

const QUOTES = /^>*/;

/** The text with its flowed lines joined; line ends become LF. */
export function unflow(text: string, deleteSpace: boolean): string {
  const paragraphs: string[] = [];
  let current: string[] = [];
  let currentDepth = -1;
  const finish = (): void => {
    if (currentDepth !== -1) paragraphs.push(quotePrefix(currentDepth) + current.join(''));
    current = [];
    currentDepth = -1;
  };
  for (const line of text.split(/\r?\n/)) {
    const depth = QUOTES.exec(line)?.[0].length ?? 0;
    let content = line.slice(depth);
    // Space-stuffing (§4.4) is undone before anything else is looked at.
    if (content.startsWith(' ')) content = content.slice(1);
    const signature = content === '-- ';
    if (currentDepth !== depth || signature) finish();
    const flows = content.endsWith(' ') && !signature;
    current.push(flows && deleteSpace ? content.slice(0, -1) : content);
    currentDepth = depth;
    if (!flows) finish();
  }
  finish();
  return paragraphs.join('\n');
}

const quotePrefix = (depth: number): string => (depth === 0 ? '' : `${'>'.repeat(depth)} `);
