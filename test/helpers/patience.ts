/**
 * Milliseconds after which a test's wait counts as hanging. The limit never decides whether the product is fast
 * enough: it must not be reached on a machine with sixteen times its load. A test ends after 300 seconds.
 */
export const PATIENCE = 240_000;
