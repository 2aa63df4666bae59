import { App, CliCredentialsStackSynthesizer } from 'aws-cdk-lib';
import { TeamStack } from './team-stack.ts';

const app = new App();
const env = { account: '123456789012', region: 'eu-central-1' };
// Where no role may be created, the account cannot be bootstrapped either: a bucket of the team takes the
// template.
const fileAssetsBucketName: unknown = app.node.tryGetContext('templateBucket');
new TeamStack(app, 'Team', {
  env,
  ...(typeof fileAssetsBucketName === 'string'
    ? { synthesizer: new CliCredentialsStackSynthesizer({ fileAssetsBucketName, bucketPrefix: 'cdk/' }) }
    : {}),
});
app.synth();
