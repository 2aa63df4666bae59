import type { ObjectStore } from '../ports/index.ts';
import type { Disposable } from './test-api.ts';

/** What one test of an object store works on. */
export interface ObjectStoreFixture extends Disposable {
  /** The store under test. */
  readonly store: ObjectStore;
  /** An empty bucket. */
  readonly bucket: string;
  /** A second bucket, empty. */
  readonly otherBucket: string;
  /** How many uploads in parts `bucket` has that were neither completed nor removed, where there are such. */
  unfinishedUploads?(): Promise<number>;
}

/** What an object store can do beyond the minimum. */
export interface ObjectStoreAbilities {
  /** Whether the fixture's buckets keep old versions. */
  readonly versions: boolean;
}

/** Defines a test of an object store. */
export type ObjectStoreTest = (name: string, run: (fixture: ObjectStoreFixture) => Promise<void>) => void;

/** The body of most objects in the contract's tests. */
export const TEXT: Buffer = Buffer.from('one two two');
