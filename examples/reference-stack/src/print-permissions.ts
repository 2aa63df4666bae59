/**
 * Prints what the roles must allow, as JSON, for the administrator of an account where roles may not be
 * created.
 */
import { readFileSync } from 'node:fs';
import { buildApp } from './build-app.ts';

const { context } = JSON.parse(readFileSync(new URL('../cdk.json', import.meta.url), 'utf8')) as {
  context: Record<string, unknown>;
};
console.log(JSON.stringify(buildApp({ context }).stack.pipeline.requiredPermissions, undefined, 2));
