#!/usr/bin/env node
/** Entry point of the server process: runs the command line and exits with its exit code. */
import module from 'node:module';

// Node 22.8 and later cache compiled code between starts, which halves the load time. NODE_DISABLE_COMPILE_CACHE=1
// disables the cache.
(module as { enableCompileCache?: () => unknown }).enableCompileCache?.();

const { runCommandLine } = await import('./cli/index.ts');
process.exitCode = await runCommandLine(process.argv.slice(2));
