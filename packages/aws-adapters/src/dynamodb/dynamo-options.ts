import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { ObjectReader, ObjectWriter } from '../ports/index.ts';

/** Where words go that do not fit into an item. */
export interface WordSpill {
  readonly store: Pick<ObjectWriter, 'put'> & Pick<ObjectReader, 'read'>;
  readonly bucket: string;
  /** Default: `words/`. */
  readonly prefix?: string;
}

/** Where results are kept. */
export interface DynamoResultStoreOptions {
  readonly client: DynamoDBDocumentClient;
  /** A table as {@link createTableInput} describes it. */
  readonly tableName: string;
  /** Default: a result that is too large for an item is refused as `invalid`. */
  readonly spill?: WordSpill;
  /** What errors advise when `spill` would be needed: name the setting that your users have. Default: `Configure "spill".` */
  readonly spillAdvice?: string;
  /** Larger items lose their words to `spill`. Default: 390,000; DynamoDB refuses more than 409,600. */
  readonly maxItemBytes?: number;
}
