/** Extracts the text of PDF documents with the optional package `unpdf`. */

/** Returns the text of a PDF document, page by page. Rejects if the package `unpdf` is not installed. */
export async function textOfPdf(bytes: Uint8Array): Promise<string> {
  const { extractText } = await import('unpdf').catch((error: unknown) => {
    throw new Error(
      'The text of a PDF attachment needs the package unpdf: npm install --save-dev unpdf (on Node 20: unpdf@1.4)',
      { cause: error },
    );
  });
  // The PDF library keeps the buffer that is passed to it. Therefore a copy is passed.
  const { text } = await extractText(Uint8Array.from(bytes), { mergePages: false });
  return text.join('\n\n');
}
