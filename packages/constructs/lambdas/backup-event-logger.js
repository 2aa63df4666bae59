/**
 * The Lambda that writes AWS Backup's job events to CloudWatch Logs, one JSON line each, with the job's state
 * where metric filters look for it. It is small enough for every template, so there is no packaged form.
 */
// "Monitoring AWS Backup events using Amazon EventBridge" lists the states; every other one is a failure.
function levelOf(state) {
  if (/^(CREATED|PENDING|RUNNING|COMPLETED|AVAILABLE)$/.test(state)) return 'INFO';
  return state === 'ABORTING' ? 'WARN' : 'ERROR';
}

// Never throws: a retry would not turn something else into an event of AWS Backup.
exports.handler = async (event) => {
  const { detail, time, ...envelope } = event || {};
  // Restore jobs call their state "status".
  const state = detail?.state || detail?.status || 'UNKNOWN';
  const line = {
    ...(detail || { event }),
    level: levelOf(state),
    // "Backup Job State Change" → "backup job"
    message: String(envelope['detail-type'])
      .toLowerCase()
      .replace(/ (state|status) change$/, ''),
    service: 'wordfreq-backup-events',
    state,
    time,
  };
  // Not console.log, which puts text before the JSON: metric filters read whole lines.
  process.stdout.write(`${JSON.stringify(line)}\n`);
};
