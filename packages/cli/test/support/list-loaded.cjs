// Loaded before a program (`node --require`, which loads less of Node than an import): writes to standard error, as a line of JSON, which
// files the program loaded and which modules of Node.
const { writeSync } = require('node:fs');
const { registerHooks } = require('node:module');

const files = [];
registerHooks({
  load(url, context, nextLoad) {
    if (url.startsWith('file:')) files.push(url);
    return nextLoad(url, context);
  },
});
process.on('exit', () => {
  writeSync(2, `${JSON.stringify({ files, modules: process.moduleLoadList })}\n`);
});
