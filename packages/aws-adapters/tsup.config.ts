import type { Options } from 'tsup';
import { library } from '../../tsup.shared.ts';

const config: Options = library(
  {
    ports: 'src/ports/index.ts',
    rules: 'src/rules/index.ts',
    errors: 'src/errors/index.ts',
    clock: 'src/clock/index.ts',
    events: 'src/events/index.ts',
    s3: 'src/s3/index.ts',
    sqs: 'src/sqs/index.ts',
    sns: 'src/sns/index.ts',
    dynamodb: 'src/dynamodb/index.ts',
    memory: 'src/memory/index.ts',
    testing: 'src/testing/index.ts',
    local: 'src/local/index.ts',
  },
  // `import.meta.url` also in the CommonJS build: ./local finds fauxqs by it.
  { shims: true },
);

export default config;
