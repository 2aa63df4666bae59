export * from '../index.ts';
export { type CountFileOptions, countFile } from './count-file.ts';
