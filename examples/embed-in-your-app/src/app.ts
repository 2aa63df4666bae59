import { App } from 'aws-cdk-lib';
import { TeamStack } from './team-stack.ts';

const app = new App();
new TeamStack(app, 'Team', { env: { account: '123456789012', region: 'eu-central-1' } });
app.synth();
