/**
 * The reason to give to `abort` when a wait is no longer needed. Without a reason, `abort` creates an exception
 * with a stack trace, for each message and each body.
 */
export const WAIT_IS_OVER = 'the wait is over';
