import { flag, negatedFlag, type Option, text } from './option.ts';

/** Options of every command, known before and behind its name. They have the AWS CLI's names where that has them. */
export const COMMON_OPTIONS: {
  readonly json: Option<boolean>;
  readonly debug: Option<boolean>;
  readonly color: Option<boolean>;
  readonly region: Option<string | undefined>;
  readonly endpointUrl: Option<string | undefined>;
  readonly profile: Option<string | undefined>;
} = {
  json: flag('print JSON for a program; an error is JSON too, on standard error'),
  debug: flag('show where an error came from'),
  color: negatedFlag('print without colours, as with NO_COLOR'),
  region: text('name', 'AWS region; else AWS_REGION or the profile’s'),
  endpointUrl: text('url', 'talk to this address instead of AWS; else AWS_ENDPOINT_URL'),
  profile: text('name', 'AWS profile; else AWS_PROFILE'),
};
