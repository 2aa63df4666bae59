#!/usr/bin/env node
import nodeModule from 'node:module';

// Node keeps the compiled code for the next start. This must be enabled before the code is loaded; an older
// Node lacks it.
nodeModule.enableCompileCache?.();
// With --debug, stack traces name the lines of the sources.
if (process.argv.includes('--debug')) process.setSourceMapsEnabled(true);
const { runProcess } = await import('./program.ts');
await runProcess();
