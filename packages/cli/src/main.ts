#!/usr/bin/env node
import nodeModule from 'node:module';

// The next start finds the code compiled. It has to be said before what is to be kept is loaded; an older Node cannot.
nodeModule.enableCompileCache?.();
await import('./run-program.ts');
