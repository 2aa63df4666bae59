const OF_TABLES = 'DynamoDB asks it for the caller: "Authorizing use of your customer managed key".';
const LAMBDA_WRITES_LOGS = 'Lambda itself writes what the function prints, with the function’s role.';

/**
 * Permissions that no life of the pipeline needs here, and why a role has them all the same. A permission
 * without a reason fails, and a reason without such a permission.
 */
export const UNEXERCISED: ReadonlyMap<string, string> = new Map([
  ['copy logs:CreateLogStream on WordFreqUploadLog*', LAMBDA_WRITES_LOGS],
  ['copy logs:PutLogEvents on WordFreqUploadLog*', LAMBDA_WRITES_LOGS],
  [
    'copy s3:ListBucket on WordFreqProcessing',
    'S3 needs it to return 404 instead of 403 for a copy that was deleted meanwhile: "HeadObject".',
  ],
  [
    'task ecs:GetTaskProtection on WordFreqWorkerCluster/*',
    'ECS wants it beside UpdateTaskProtection for its agent’s endpoint: "Task scale-in protection endpoint".',
  ],
  ['task kms:DescribeKey on Key', OF_TABLES],
  ['task kms:Encrypt on Key', OF_TABLES],
  ['task kms:ReEncryptFrom on Key', OF_TABLES],
  ['task kms:ReEncryptTo on Key', OF_TABLES],
]);
