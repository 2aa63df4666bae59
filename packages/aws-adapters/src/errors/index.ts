export {
  AdapterError,
  type AdapterErrorOptions,
  isPortErrorCode,
  PORT_ERROR_CODES,
} from './adapter-error.ts';
export { isCoded } from './is-coded.ts';
export { type FailedCall, toAdapterError } from './to-adapter-error.ts';
export { wholeNumber } from './whole-number.ts';
export { type SendOptions, sendOptions, withCodedErrors } from './with-coded-errors.ts';
