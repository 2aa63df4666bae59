import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { withCodedErrors } from '../errors/index.ts';
import type { CallOptions, FailedTries, FailedTry, JobResult } from '../ports/index.ts';
import { triedError } from '../rules/job-record.ts';
import { isConditionFailure } from './condition-failure.ts';
import type { DynamoResultStoreOptions } from './dynamo-options.ts';
import { getItem } from './read-results.ts';
import { isResultItem, itemKey, triesOf } from './table.ts';

/** Counts a failed try on the item that the record will have. */
export async function recordFailure(
  { client, tableName }: DynamoResultStoreOptions,
  { jobId, object, error, at }: FailedTry,
): Promise<number> {
  const command = new UpdateCommand({
    TableName: tableName,
    Key: itemKey({ jobId, object }),
    UpdateExpression: 'ADD #failures :one SET #lastError = :lastError, #lastFailedAt = :at, #jobId = :jobId',
    ConditionExpression: 'attribute_not_exists(#outcome)',
    ExpressionAttributeNames: {
      '#failures': 'failures',
      '#lastError': 'lastError',
      '#lastFailedAt': 'lastFailedAt',
      '#jobId': 'jobId',
      '#outcome': 'outcome',
    },
    ExpressionAttributeValues: {
      ':one': 1,
      ':lastError': triedError(error),
      ':at': at.toISOString(),
      ':jobId': jobId,
    },
    ReturnValues: 'UPDATED_NEW',
  });
  try {
    const operation = `count a failure of job ${jobId}`;
    const { Attributes } = await withCodedErrors({ operation, object }, () => client.send(command));
    return Number(Attributes?.['failures'] ?? 0);
  } catch (failure) {
    if (isConditionFailure(failure)) return 0;
    throw failure;
  }
}

/** What {@link recordFailure} has written, unless the job has its record. */
export async function failedTries(
  options: DynamoResultStoreOptions,
  job: Pick<JobResult, 'jobId' | 'object'>,
  call: CallOptions = {},
): Promise<FailedTries | undefined> {
  const item = await getItem(options, itemKey(job), call);
  return item === undefined || isResultItem(item) ? undefined : triesOf(item);
}
