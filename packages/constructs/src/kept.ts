import { RemovalPolicy } from 'aws-cdk-lib';

/**
 * Retains a resource when its stack is deleted or replaces it, but not when the creation of the stack is
 * rolled back: the resource is empty then, and if it has a fixed name, it would make the next creation fail.
 */
export const KEPT: RemovalPolicy = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;
