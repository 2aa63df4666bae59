import { describe, expect, it } from 'vitest';
import { embeddedEnvironment } from './ready-file.ts';

describe(embeddedEnvironment, () => {
  it('keeps what a process needs, and nothing of an AWS account', () => {
    const inherited = {
      PATH: '/bin',
      AWS_PROFILE: 'mine',
      AWS_DEFAULT_PROFILE: 'mine',
      AWS_SESSION_TOKEN: 't',
      AWS_REGION: 'eu-west-1',
    };
    expect(embeddedEnvironment({ AWS_REGION: 'us-east-1' }, inherited)).toEqual({
      PATH: '/bin',
      AWS_REGION: 'us-east-1',
    });
  });
});
