export { type CopyConfig, readCopyConfig } from './config.ts';
export { type AnnouncedOutcome, AnnouncementError, copyAnnouncedUploads } from './copy-announced-uploads.ts';
export {
  type CopyOutcome,
  type CopyPolicy,
  type CopyUploadDependencies,
  copyUpload,
  type SkipReason,
} from './copy-upload.ts';
