export { Crc64Nvme, FAST_CHECKSUMS } from './crc64-nvme.ts';
export { createS3ObjectCopier, type S3ObjectCopierOptions } from './object-copier.ts';
export { createS3ObjectStore, type S3ObjectStoreOptions } from './object-store.ts';
