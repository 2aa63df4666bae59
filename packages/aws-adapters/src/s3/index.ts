export { createS3ObjectCopier, type S3ObjectCopierOptions } from './object-copier.ts';
export { createS3ObjectStore, type S3ObjectStoreOptions } from './object-store.ts';
