#!/usr/bin/env node
import { enableCompileCache } from 'node:module';

// The next start finds the code compiled. It has to be said before what is to be kept is loaded.
enableCompileCache();
await import('./run-program.ts');
