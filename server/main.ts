#!/usr/bin/env node
/** The process: runs the command line and ends with its exit code. */
import module from 'node:module';

// Node 22.8 and later keep compiled code between starts (NODE_DISABLE_COMPILE_CACHE=1 forbids it): half the time of loading it.
(module as { enableCompileCache?: () => unknown }).enableCompileCache?.();

const { runCommandLine } = await import('./cli/index.ts');
process.exitCode = await runCommandLine(process.argv.slice(2));
