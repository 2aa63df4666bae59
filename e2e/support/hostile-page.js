/*
 * What a hostile page runs: everything that it can make a browser send to a pipeline on the same machine.
 * Resolves, once all responses are there, to what the page got to read.
 */
async ({ doors, topic, table }) => {
  const read = [];
  const publish = `Action=Publish&TopicArn=${topic}&Message=evil&Subject=evil`;
  const form = 'application/x-www-form-urlencoded';
  const target = (operation) => ({
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-target': operation,
    authorization: 'AWS4-HMAC-SHA256 Credential=a/b/c/d/e, SignedHeaders=host, Signature=f',
    'x-amz-date': '20260101T000000Z',
  });
  const json = (operation, body) => ({
    method: 'POST',
    headers: target(operation),
    body: JSON.stringify(body),
  });
  const requests = [
    [doors.bucket, {}],
    [`${doors.bucket}/secret.bin`, {}],
    [`${doors.bucket}/secret.bin`, { method: 'DELETE' }],
    [`${doors.bucket}/evil.bin`, { method: 'PUT', body: 'evil' }],
    [
      `${doors.bucket}?delete`,
      { method: 'POST', body: '<Delete><Object><Key>secret.bin</Key></Object></Delete>' },
    ],
    [doors.sns, { method: 'POST', headers: { 'content-type': form }, body: publish }],
    [doors.sqs, json('AmazonSQS.ListQueues', {})],
    [`${doors.sqs}/_fauxqs/queues`, {}],
    [doors.dynamodb, json('DynamoDB_20120810.Scan', { TableName: table })],
    [doors.dynamodb, json('DynamoDB_20120810.DeleteTable', { TableName: table })],
    [`${doors.page}/api/summary`, {}],
    [`${doors.page}/api/uploads?name=evil.txt`, { method: 'POST', body: 'evil' }],
    [`${doors.page}/api/dead-letters/redrive`, { method: 'POST', body: '{}' }],
  ];
  for (const [url, options] of requests) {
    for (const mode of ['cors', 'no-cors']) {
      try {
        const response = await fetch(url, { ...options, mode });
        if (response.ok) read.push(`${options.method ?? 'GET'} ${url}: ${await response.text()}`);
      } catch {
        // The browser did not send it, or gives nothing of the response.
      }
    }
  }
  for (const [url, type, fields] of [
    [doors.sns, form, Object.fromEntries(new URLSearchParams(publish))],
    [doors.bucket, 'multipart/form-data', { key: 'evil.bin', success_action_status: '200', file: 'evil' }],
    [`${doors.page}/api/uploads?name=evil.txt`, 'text/plain', { evil: 'evil' }],
  ]) {
    const frame = document.createElement('iframe');
    frame.name = url;
    const post = document.createElement('form');
    Object.assign(post, { action: url, method: 'POST', enctype: type, target: url });
    for (const [name, value] of Object.entries(fields)) {
      const input = document.createElement('input');
      Object.assign(input, { name, value });
      post.append(input);
    }
    document.body.append(frame, post);
    const loaded = new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }));
    post.submit();
    await loaded;
  }
  for (const url of [`${doors.bucket}/secret.bin`, `${doors.page}/icon.svg`]) {
    const image = document.createElement('img');
    const done = new Promise((resolve) => {
      image.addEventListener('load', () => resolve(read.push(`image ${url}`)));
      image.addEventListener('error', resolve);
    });
    image.src = url;
    document.body.append(image);
    await done;
  }
  return read;
};
