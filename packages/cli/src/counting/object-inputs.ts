import { systemClock } from '@org/wordfreq-aws-adapters/clock';
import type { ObjectBody, ObjectInfo, ObjectStore, ObjectSummary } from '@org/wordfreq-aws-adapters/ports';
import { charsetOf } from '@org/wordfreq-aws-adapters/rules';
import { createS3ObjectStore } from '@org/wordfreq-aws-adapters/s3';
import { encodingNamed } from '@org/wordfreq-core';
import { CliError, EXIT_CODES } from '../errors.ts';
import { createCloudClients } from '../pipeline/cloud.ts';
import { resourceNames } from '../pipeline/resource-names.ts';
import { cloudError } from '../pipeline/with-cloud.ts';
import type { TextInput, TextSources } from './found-texts.ts';

/**
 * The objects that `s3://bucket/key` or `s3://bucket/prefix/` names.
 *
 * @throws CliError, exit code 3: nothing is there, or AWS refuses
 */
export async function objectInputs(
  url: string,
  { options, environment, signal }: Omit<TextSources, 'stdin'>,
): Promise<readonly TextInput[]> {
  const [, bucket = '', key = ''] = /^s3:\/\/([^/]*)\/?(.*)$/s.exec(url) ?? [];
  const { s3: client } = createCloudClients(options, environment);
  const store = createS3ObjectStore({ client, clock: systemClock });
  const explained = <T>(attempt: Promise<T>): Promise<T> =>
    attempt.catch((error: unknown) => {
      signal.throwIfAborted();
      throw cloudError(error, resourceNames({}, {}));
    });
  const isPrefix = key === '' || key.endsWith('/');
  const found: readonly (ObjectInfo | ObjectSummary)[] = isPrefix
    ? await explained(listed(store.list(bucket, { prefix: key, signal })))
    : [await explained(store.head({ bucket, key }, { signal }))];
  // Folders that the console makes are objects without bytes.
  const texts = found.filter((object) => !object.key.endsWith('/'));
  if (texts.length > 0) {
    return texts.map((object) => objectInput(store, object, { isOfFolder: isPrefix, explained, signal }));
  }
  throw new CliError(`no object below ${url}`, {
    exitCode: EXIT_CODES.environment,
    code: 'not-found',
    hint: 'Check the prefix, and --region or --profile.',
  });
}

async function listed(listing: AsyncIterable<ObjectSummary>): Promise<readonly ObjectSummary[]> {
  const objects: ObjectSummary[] = [];
  for await (const object of listing) objects.push(object);
  return objects;
}

function objectInput(
  store: ObjectStore,
  object: ObjectSummary,
  how: {
    readonly isOfFolder: boolean;
    readonly explained: <T>(attempt: Promise<T>) => Promise<T>;
    readonly signal: AbortSignal;
  },
): TextInput {
  const { isOfFolder, explained, signal } = how;
  const { bucket, key, eTag, sizeBytes } = object;
  let info: ObjectInfo | undefined;
  let body: ObjectBody | undefined;
  async function request(): Promise<ObjectBody> {
    const requested = await explained(store.read({ bucket, key, eTag }, { signal }));
    info = requested.info;
    return requested;
  }
  return {
    name: `s3://${bucket}/${key}`,
    sizeBytes,
    isOfFolder,
    // Known only from a response: a listing has neither of the two.
    get contentEncoding() {
      return info?.contentEncoding;
    },
    get declaredEncoding() {
      return encodingNamed(charsetOf(info?.contentType) ?? '');
    },
    async start() {
      body = await request();
    },
    async *open() {
      const { bytes } = body ?? (await request());
      body = undefined;
      yield* bytes;
    },
  };
}
