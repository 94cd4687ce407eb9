/**
 * The job that creates the preview document of a message as a mail client would show the message. It is a module of
 * its own, because it loads the large table of supported features.
 */
import { imageTypes } from '../../checks/client-support/find-uses.ts';
import type { Job } from '../../thread/job.ts';
import { readPreview, type PreviewInput } from '../reading/jobs.ts';
import type { ViewChange } from './changes.ts';
import { clientView } from './index.ts';

interface ViewInput extends PreviewInput {
  /** The name of the mail client, as `family.platform`. */
  readonly client: string;
}

interface ViewOutput {
  /** The preview document in UTF-8. */
  readonly html: Uint8Array;
  /** The `ViewReport` as JSON in UTF-8. */
  readonly report: Uint8Array;
}

/** What the view changes in the document as sent. */
export interface ViewReport {
  readonly changes: readonly ViewChange[];
  /** Whether only the beginning of the document was changed, because the document has too many elements. */
  readonly isCut: boolean;
}

/** A job that returns the preview document of a view, and its report; `null` for a message without HTML. */
export const viewJob: Job<ViewInput, ViewOutput | null> = {
  name: 'client-view',
  run({ client, ...input }) {
    let report: ViewReport = { changes: [], isCut: false };
    const html = readPreview(input, (sent, structure) => {
      const { html: shown, ...rest } = clientView(sent, client, imageTypes(structure));
      report = rest;
      return shown;
    });
    return html === null ? null : { html, report: new TextEncoder().encode(JSON.stringify(report)) };
  },
};
