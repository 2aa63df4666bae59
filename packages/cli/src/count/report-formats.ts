/** The forms in which counts are printed, the default first. */
export const REPORT_FORMATS = ['table', 'json', 'ndjson', 'csv', 'tsv'] as const;

/** One of {@link REPORT_FORMATS}. */
export type ReportFormat = (typeof REPORT_FORMATS)[number];
