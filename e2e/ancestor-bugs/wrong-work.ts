import { ADAPTERS, type AncestorBug, HANDLE_MESSAGE, PARSE, WORKER } from './ancestor-bug.ts';

export const WRONG_WORK: readonly AncestorBug[] = [
  {
    number: 6,
    kind: 'wrong work',
    bug: 'Takes keys as they are in the event, URL-encoded.',
    instead: 'Decodes keys once, as the form of the event requires.',
    reintroductions: [
      {
        file: `${ADAPTERS}/src/events/s3-record.ts`,
        from: 'const key = decodeFormKey(s3.object.key);',
        to: 'const key: string | undefined = decodeFormKey(s3.object.key) && s3.object.key;',
        test: { file: PARSE, name: 'decodes the key my+file.txt once' },
      },
    ],
  },
  {
    number: 7,
    kind: 'wrong work',
    bug: 'Ignores the event’s name, so that a deletion becomes a job that fails for ever.',
    instead: 'Tells creations, removals and other events apart; a removal is an outcome, not a job.',
    reintroductions: [
      {
        file: `${ADAPTERS}/src/events/s3-record.ts`,
        from: "if (eventName.startsWith('ObjectCreated:') || ",
        to: "if (eventName !== '' || ",
        test: {
          file: HANDLE_MESSAGE,
          name: 'calls a deleted object gone, and an overwritten version skipped, and counts the newer one',
        },
      },
    ],
  },
  {
    number: 8,
    kind: 'wrong work',
    bug: 'Counts whatever is under the key now, not the version that was announced.',
    instead: 'A job is one version: reads are pinned by version id or If-Match.',
    reintroductions: [
      {
        file: `${WORKER}/jobs/process-job.ts`,
        from: 'objects.read(job.object, { signal })',
        to: 'objects.read({ bucket: job.object.bucket, key: job.object.key }, { signal })',
        test: {
          file: HANDLE_MESSAGE,
          name: 'calls a deleted object gone, and an overwritten version skipped, and counts the newer one',
        },
      },
    ],
  },
  {
    number: 9,
    kind: 'wrong work',
    bug: 'Fails the job when the connection breaks in the middle of an object.',
    instead: 'Resumes at the next byte, pinned to the same version.',
    reintroductions: [
      {
        file: `${ADAPTERS}/src/s3/read-object.ts`,
        from: 'if (isCoded(error) && !error.retryable) throw error;',
        to: 'throw toAdapterError(error, { operation, object: info });',
        test: {
          file: `${ADAPTERS}/test/s3-faults.test.ts`,
          name: 'resumes a body that is cut, at the next byte, pinned to the same version',
        },
      },
    ],
  },
  {
    number: 10,
    kind: 'wrong work',
    bug: 'Believes the event’s bucket and ignores its region, so that it asks the wrong endpoint for any bucket that is named to it.',
    instead:
      'The region is the worker’s (S3 announces to queues of its own region only), and a bucket that is not on the list is refused without a call.',
    reintroductions: [
      {
        file: `${WORKER}/jobs/process-job.ts`,
        from: 'if (!policy.allowedBuckets.has(object.bucket)) {',
        to: 'if (policy.allowedBuckets.size === 0) {',
        test: { file: HANDLE_MESSAGE, name: 'refuses a bucket that is not allowed without asking the store' },
      },
    ],
  },
];
