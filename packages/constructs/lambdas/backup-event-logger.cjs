/**
 * The Lambda that writes AWS Backup's job events to CloudWatch Logs, one JSON line for each, with the job's state where metric filters
 * look for it. Small enough to be in the template everywhere.
 */
'use strict';
exports.handler = async (event) => {
  const { state, backupJobId, resourceArn, backupVaultName, statusMessage } = event.detail || {};
  const level =
    state === 'COMPLETED' || state === 'CREATED' || state === 'PENDING' || state === 'RUNNING'
      ? 'INFO'
      : 'ERROR';
  // Not console.log, which puts text before the JSON: metric filters read whole lines.
  process.stdout.write(
    `${JSON.stringify({
      level,
      message: 'backup job',
      state,
      backupJobId,
      resourceArn,
      backupVaultName,
      statusMessage,
      time: event.time,
    })}\n`,
  );
};
