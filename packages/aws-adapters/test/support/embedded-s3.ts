import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { systemClock } from '../../src/clock/index.ts';
import { createEmbeddedClients, startEmbeddedAws } from '../../src/local/index.ts';
import type { ObjectStore } from '../../src/ports/index.ts';
import { createS3ObjectStore, type S3ObjectStoreOptions } from '../../src/s3/index.ts';
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts';

/** A real S3 server with a bucket, reached directly and through a proxy that corrupts responses. */
export interface SpoiltS3 {
  /** Without any fault: to prepare and to inspect. */
  readonly direct: ObjectStore;
  readonly spoilt: ObjectStore;
  readonly proxy: FaultProxy;
  stop(): Promise<void>;
}

/** The buckets that exist. */
export const BUCKET = 'texts';
export const OTHER_BUCKET = 'copies';

/** Starts all of it. */
export async function startSpoiltS3(
  faultFor: Parameters<typeof startFaultProxy>[1],
  options: Partial<S3ObjectStoreOptions> = {},
): Promise<SpoiltS3> {
  const aws = await startEmbeddedAws();
  const clients = createEmbeddedClients(aws);
  for (const Bucket of [BUCKET, OTHER_BUCKET]) await clients.s3.send(new CreateBucketCommand({ Bucket }));
  const proxy = await startFaultProxy(aws.endpoints.s3, faultFor);
  const client = new S3Client({
    endpoint: proxy.url,
    region: aws.region,
    forcePathStyle: true,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  return {
    direct: createS3ObjectStore({ client: clients.s3, clock: systemClock }),
    spoilt: createS3ObjectStore({ client, clock: systemClock, resumeDelayMs: 1, ...options }),
    proxy,
    async stop() {
      client.destroy();
      clients.destroy();
      await proxy.stop();
      await aws.stop();
    },
  };
}
