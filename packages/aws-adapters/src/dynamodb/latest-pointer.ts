import type { JobResult } from '../ports/index.ts';
import { type ItemKey, itemKey, LATEST, partitionOf } from './table-item.ts';

/** No sequencer of S3 is longer. */
const SEQUENCER_DIGITS = 64;

/** The item that says which record of a key is about its newest version. */
export interface LatestItem extends ItemKey {
  /** The sort key of that record. */
  readonly latestVersion: string;
  /** Padded on the right with zeros, so that it compares as a string. */
  readonly sequencer?: string;
  readonly lastModified?: string;
  readonly finishedAt: string;
}

/** A conditional put, as DynamoDB's document client takes it. */
export interface ConditionalPut {
  readonly Item: LatestItem;
  readonly ConditionExpression: string;
  readonly ExpressionAttributeNames: Record<string, string>;
  readonly ExpressionAttributeValues: Record<string, string>;
}

/**
 * Builds the write that makes a record the latest of its key, unless a newer one is it already. Newer is decided by
 * sequencer where both have one, as S3 documents it; then by modification time; then by when it was counted.
 */
export function latestPut(result: JobResult): ConditionalPut {
  const Item = latestItem(result);
  const values: Record<string, string> = { ':finishedAt': Item.finishedAt };
  const names: Record<string, string> = { '#version': 'version', '#finishedAt': 'finishedAt' };
  let notNewer = '#finishedAt <= :finishedAt';
  if (Item.lastModified !== undefined) {
    values[':lastModified'] = Item.lastModified;
    notNewer = unlessDecidedBy('lastModified', notNewer);
    names['#lastModified'] = 'lastModified';
  }
  if (Item.sequencer !== undefined) {
    values[':sequencer'] = Item.sequencer;
    notNewer = unlessDecidedBy('sequencer', notNewer);
    names['#sequencer'] = 'sequencer';
  }
  return {
    Item,
    ConditionExpression: `attribute_not_exists(#version) OR ${notNewer}`,
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: values,
  };
}

/** A smaller value decides; an absent or equal one leaves the decision to the next criterion. */
function unlessDecidedBy(name: string, next: string): string {
  return `(#${name} < :${name} OR ((attribute_not_exists(#${name}) OR #${name} = :${name}) AND ${next}))`;
}

function latestItem(result: JobResult): LatestItem {
  const { object, sequencer, lastModified, finishedAt } = result;
  return {
    object: partitionOf(object.bucket, object.key),
    version: LATEST,
    latestVersion: itemKey(result).version,
    finishedAt: finishedAt.toISOString(),
    ...(sequencer === undefined ? {} : { sequencer: sequencer.toUpperCase().padEnd(SEQUENCER_DIGITS, '0') }),
    ...(lastModified === undefined ? {} : { lastModified: lastModified.toISOString() }),
  };
}

/** Orders records of one key, the newest first, by the same criteria. */
export function newestFirst(a: JobResult, b: JobResult): number {
  if (a.sequencer !== undefined && b.sequencer !== undefined) {
    const [left = '', right = ''] = [a, b].map(({ sequencer = '' }) =>
      sequencer.toUpperCase().padEnd(SEQUENCER_DIGITS, '0'),
    );
    if (left !== right) return left > right ? -1 : 1;
  }
  if (a.lastModified !== undefined && b.lastModified !== undefined) {
    const byModification = b.lastModified.getTime() - a.lastModified.getTime();
    if (byModification !== 0) return byModification;
  }
  return b.finishedAt.getTime() - a.finishedAt.getTime();
}
