/** Writes `man/wordfreq.1`. Run: `npm run man`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadCommands } from '../src/command-line/command.ts';
import { COMMANDS } from '../src/commands.ts';
import { manualPage } from './manual-page.ts';

const folder = join(import.meta.dirname, '../man');
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'wordfreq.1'), manualPage(await loadCommands(COMMANDS)));
