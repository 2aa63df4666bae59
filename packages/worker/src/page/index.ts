export { createPage } from './create-page.ts';
export {
  createPurge,
  createRedrive,
  type LetterChoice,
  type Purge,
  type PurgeOptions,
  type Redrive,
  type RedriveOptions,
} from './create-redrive.ts';
export {
  type Authorize,
  type LoadBalancerUserOptions,
  loadBalancerUser,
  loadBalancerUserName,
} from './load-balancer-user.ts';
export type { PageOptions } from './page-options.ts';
export type { MailPreview, PageSources } from './page-sources.ts';
export { createPollingPace, type Interval, type PollingPace } from './polling-pace.ts';
export type { ResultTotals } from './result-totals.ts';
export {
  createResultsReader,
  type ResultsReader,
  type ResultsReaderOptions,
  type ResultsReading,
} from './results-reader.ts';
export { type ServedPage, ServeError, type ServeOptions, servePage } from './serve-page.ts';
export type { ThroughputView } from './throughput.ts';
export type { TopWord, TopWordsView } from './top-words.ts';
export type { Abilities, FileView, LetterView, SummaryView } from './views.ts';
