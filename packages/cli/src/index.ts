export type { Mail, Mailbox } from './local/mailbox.ts';
export { servePipelinePage } from './local/serve-pipeline-page.ts';
export {
  type LocalPipeline,
  type LocalPipelineOptions,
  startLocalPipeline,
} from './local/start-local-pipeline.ts';
export type { Running } from './local/supervised-process.ts';
