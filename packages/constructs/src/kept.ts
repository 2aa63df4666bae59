import { RemovalPolicy } from 'aws-cdk-lib';

/**
 * Kept when its stack goes or replaces it, but deleted when the creation of the stack is rolled back: it is empty then, and left behind it
 * would be in the way of the next try, where it has a name of its own.
 */
export const KEPT: RemovalPolicy = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;
