/**
 * Sets the seed of the property tests. Every run of `npm test` generates the same inputs, so that a change is never
 * refused for an input that has nothing to do with the change. `npm run fuzz` generates new inputs.
 */
import fc from 'fast-check';

const { TEST_SEED, FUZZ_SECONDS } = process.env;
/** The fixed seed: the date of the first run that used it. Any other number would serve, too. */
const FIXED = 20_261_130;

if (FUZZ_SECONDS === undefined) {
  fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(TEST_SEED ?? FIXED) });
}
