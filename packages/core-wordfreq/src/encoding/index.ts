export { detectEncoding } from './detect-encoding.ts';
