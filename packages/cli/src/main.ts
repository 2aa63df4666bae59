#!/usr/bin/env node
import nodeModule from 'node:module';

// The next start finds the code compiled. It has to be said before what is to be kept is loaded; an older
// Node cannot.
nodeModule.enableCompileCache?.();
// Where an error came from is asked for in terms of the sources.
if (process.argv.includes('--debug')) process.setSourceMapsEnabled(true);
const { runProcess } = await import('./program.ts');
await runProcess();
