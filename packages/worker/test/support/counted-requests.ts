import { delayServices } from './delayed-services.ts';
import { type EmbeddedPipeline, startEmbeddedPipeline } from './embedded-pipeline.ts';
import { OBSERVED, type ObservedRequests, observeRequests } from './observe-requests.ts';

/** How long a response takes within a Region. Without that, no request is under way when the next job ends. */
const LATENCIES_MS = { S3: 20, SQS: 8, SNS: 8, DYNAMODB: 5 };

/** The embedded servers, which respond as fast as AWS, and the requests of workers that run in its environment. */
export interface CountedPipeline extends EmbeddedPipeline {
  readonly requests: ObservedRequests;
}

/** Starts the servers, with a proxy that delays the responses of each. */
export async function startCountedPipeline(): Promise<CountedPipeline> {
  const pipeline = await startEmbeddedPipeline();
  const delayed = await delayServices(pipeline.environment, LATENCIES_MS);
  const requests = observeRequests();
  return {
    ...pipeline,
    environment: { ...delayed.environment, ...OBSERVED },
    requests,
    async stop() {
      requests.stop();
      await delayed.stop();
      await pipeline.stop();
    },
  };
}
