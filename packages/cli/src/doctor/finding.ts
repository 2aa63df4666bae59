/** What a check found. */
export interface Finding {
  /** What was looked at, such as `credentials` or `jobs queue`. */
  readonly check: string;
  readonly status: 'ok' | 'problem' | 'not-checked';
  /** What is so. */
  readonly detail: string;
  /** What to do about it. */
  readonly cure?: string;
}

/** All is well. */
export function ok(check: string, detail: string): Finding {
  return { check, status: 'ok', detail };
}

/** Something keeps the pipeline from working. */
export function problem(check: string, detail: string, cure: string): Finding {
  return { check, status: 'problem', detail, cure };
}

/** Nothing can be said. */
export function notChecked(check: string, detail: string, cure?: string): Finding {
  return { check, status: 'not-checked', detail, ...(cure === undefined ? {} : { cure }) };
}
