export {
  AdapterError,
  type AdapterErrorOptions,
  isCoded,
  isPortErrorCode,
  PORT_ERROR_CODES,
} from './adapter-error.ts';
export { type AwsProblem, awsProblem } from './aws-errors.ts';
export {
  type FailedCall,
  type SendOptions,
  sendOptions,
  toAdapterError,
  withCodedErrors,
} from './to-adapter-error.ts';
export { wholeNumber } from './validation.ts';
