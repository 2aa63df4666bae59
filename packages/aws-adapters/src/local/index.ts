export {
  createEmbeddedClients,
  type EmbeddedAws,
  type EmbeddedAwsOptions,
  type EmbeddedClients,
  type EmbeddedEndpoints,
  startEmbeddedAws,
} from './embedded-aws.ts';
export { EmbeddedAwsError, type EmbeddedAwsErrorCode } from './embedded-aws-error.ts';
export type { ObjectListener, ObservedObject } from './fauxqs.ts';
export {
  type CopyingResources,
  DEFAULT_PIPELINE_NAMES,
  type PipelineNames,
  type PipelineResources,
} from './pipeline-resources.ts';
export { type ProvisionOptions, provisionPipeline } from './provision-pipeline.ts';
export { type S3EventBridge, type S3EventBridgeOptions, startS3EventBridge } from './s3-event-bridge.ts';
