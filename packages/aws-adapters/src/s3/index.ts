export { createS3ObjectCopier, type S3ObjectCopierOptions } from './s3-object-copier.ts';
export { createS3ObjectStore, type S3ObjectStoreOptions } from './s3-object-store.ts';
