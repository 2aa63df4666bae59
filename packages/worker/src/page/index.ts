export { createPage, type PageOptions } from './create-page.ts';
export type { MailPreview, PageSources } from './page-sources.ts';
export { type ServedPage, ServeError, type ServeOptions, servePage } from './serve-page.ts';
export type { DeadLetterView, FileView, SummaryView } from './views.ts';
