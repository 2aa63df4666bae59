export { createPage, type PageOptions } from './create-page.ts';
export { createRedrive, type RedriveOptions } from './create-redrive.ts';
export type { MailPreview, PageSources } from './page-sources.ts';
export type { ResultTotals } from './result-totals.ts';
export { type ServedPage, ServeError, type ServeOptions, servePage } from './serve-page.ts';
export type { ThroughputView } from './throughput.ts';
export type { DeadLetterView, FileView, SummaryView } from './views.ts';
