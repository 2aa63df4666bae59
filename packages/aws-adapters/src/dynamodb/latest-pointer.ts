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
  const { sequencer, lastModified, finishedAt } = Item;
  const criteria = Object.entries({ sequencer, lastModified }).filter(([, value]) => value !== undefined);
  const used = ['version', 'finishedAt', ...criteria.map(([name]) => name)];
  const conditions = ['attribute_not_exists(#version)', ...notNewer(criteria.map(([name]) => name))];
  return {
    Item,
    ConditionExpression: conditions.join(' OR '),
    ExpressionAttributeNames: Object.fromEntries(used.map((name) => [`#${name}`, name])),
    ExpressionAttributeValues: Object.fromEntries(
      [['finishedAt', finishedAt] as const, ...criteria].map(([name, value]) => [`:${name}`, value ?? '']),
    ),
  };
}

/**
 * Every way in which the pointer's record can be no newer: a smaller value decides, an absent or equal one leaves the decision to the
 * next criterion. Without parentheses (AND binds tighter than OR), because dynalite's parser takes exponential time for nested
 * ones: a tenth of a second for these.
 */
function notNewer([name, ...rest]: readonly string[], so: readonly string[] = []): string[] {
  if (name === undefined) return [[...so, '#finishedAt <= :finishedAt'].join(' AND ')];
  return [
    [...so, `#${name} < :${name}`].join(' AND '),
    ...notNewer(rest, [...so, `attribute_not_exists(#${name})`]),
    ...notNewer(rest, [...so, `#${name} = :${name}`]),
  ];
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
