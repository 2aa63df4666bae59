/** What a shell has to know to complete a value: of an option or an argument. */
export interface Completed {
  readonly choices?: readonly string[];
  readonly completes?: 'files' | 'folders';
}
