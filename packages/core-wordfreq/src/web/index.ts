export * from '../index.ts';
export { type CountUrlOptions, countUrl } from './count-url.ts';
