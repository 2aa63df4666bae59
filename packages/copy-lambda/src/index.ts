export { type CopyConfig, readCopyConfig } from './config.ts';
export {
  type AnnouncedOutcome,
  AnnouncementError,
  type CopyAnnouncedDependencies,
  copyAnnouncedUploads,
} from './copy-announced-uploads.ts';
export { type CopyQueuedDependencies, copyQueuedUploads } from './copy-queued-uploads.ts';
export {
  type CopyOutcome,
  type CopyPolicy,
  type CopyUploadDependencies,
  copyUpload,
  type SkipReason,
} from './copy-upload.ts';
