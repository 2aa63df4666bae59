import { HeadObjectCommand, type HeadObjectCommandOutput } from '@aws-sdk/client-s3';
import { AdapterError, sendOptions, toAdapterError } from '../errors/index.ts';
import type { CallOptions, ObjectInfo, ObjectVersion } from '../ports/index.ts';
import { type S3Context, toObjectInfo, versionInput } from './s3-request.ts';

/** Storage classes whose objects cannot be read until they are restored. */
const ARCHIVES: ReadonlySet<string> = new Set(['GLACIER', 'DEEP_ARCHIVE']);

/** What is known about an object, and S3's own answer with what the port has no name for. */
export interface HeadAnswer {
  readonly info: ObjectInfo;
  readonly output: HeadObjectCommandOutput;
}

/** Describes one object version, and refuses one that cannot be read. */
export async function headObject(
  context: S3Context,
  object: ObjectVersion,
  { signal }: CallOptions = {},
): Promise<HeadAnswer> {
  const operation = `describe s3://${object.bucket}/${object.key}`;
  try {
    const command = new HeadObjectCommand(versionInput(context, object));
    const output = await context.client.send(command, sendOptions(signal));
    const info = toObjectInfo(object, output);
    refuseArchived(info, output);
    return { info, output };
  } catch (error) {
    throw toAdapterError(error, { operation, object, signal });
  }
}

function refuseArchived(info: ObjectInfo, output: HeadObjectCommandOutput): void {
  const archive = output.ArchiveStatus ?? info.storageClass;
  const archived = output.ArchiveStatus !== undefined || (archive !== undefined && ARCHIVES.has(archive));
  if (!archived || output.Restore?.includes('ongoing-request="false"') === true) return;
  const advice = `Expected a readable object, but s3://${info.bucket}/${info.key} is archived (${archive}). Restore it first.`;
  throw new AdapterError('archived', advice, { object: info });
}
