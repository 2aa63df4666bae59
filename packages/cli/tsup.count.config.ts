export { countProgram as default } from './tsup.config.ts';
