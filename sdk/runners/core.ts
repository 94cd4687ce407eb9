/**
 * The part of the SDK that the integrations with Vitest and Jest share with the other entries of the package.
 * In the package, Node loads this module once for each process, outside the module system of the test runner.
 */
export { beginBudget, endBudget } from '../budget.ts';
export { matchers } from '../matchers.ts';
export { openSandbox } from '../shared.ts';
export { addLines, Evidence, finishFile } from './evidence.ts';
export { mailSnapshot } from '../snapshot.ts';
