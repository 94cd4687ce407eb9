/**
 * The revisions of the Model Context Protocol that the server supports, in two eras. Since 2026-07-28, each
 * request contains the revision and the capabilities of the client. Before, a client begins with `initialize`.
 */

export const STATELESS = '2026-07-28';
/** The revisions with `initialize`, the newest first. */
const INITIALIZED = ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05'] as const;
/** The revision that is assumed for a request that names no revision. */
export const UNNAMED = '2025-03-26';

export type Version = typeof STATELESS | (typeof INITIALIZED)[number];

export const versions: readonly Version[] = [STATELESS, ...INITIALIZED];

export const isVersion = (text: unknown): text is Version => versions.some((version) => version === text);

/**
 * Returns whether a revision has the features of an earlier revision. Revisions are dates, so they are compared as
 * texts.
 */
export const isSince = (version: Version, first: Version): boolean => version >= first;

/**
 * Returns the revision for a client that requests the revision `wanted` in `initialize`: `wanted` if the server
 * supports it, otherwise the newest revision that has `initialize`.
 */
export function initializedVersion(wanted: unknown): Version {
  return INITIALIZED.find((version) => version === wanted) ?? INITIALIZED[0];
}
