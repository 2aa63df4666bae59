import { App, type AppProps, CliCredentialsStackSynthesizer, type StackProps } from 'aws-cdk-lib';
import { ReferenceStack } from './reference-stack.ts';
import { RepositoryStack } from './repository-stack.ts';
import { readSettings, type Settings } from './settings.ts';

/** Both stacks, with the settings of cdk.json. */
export function buildApp(props: AppProps = {}): { app: App; stack: ReferenceStack } {
  const app = new App(props);
  const settings = readSettings((key) => app.node.tryGetContext(key));
  const { imageRepository: repositoryName } = settings;
  new RepositoryStack(app, 'WordFreqRepository', { repositoryName, ...deployment(settings) });
  const stack = new ReferenceStack(app, 'WordFreq', settings, deployment(settings));
  return { app, stack };
}

/**
 * Bootstrapping an account makes five roles. Where none may be made, whoever deploys uploads the template to
 * a bucket of their own: in a request CloudFormation takes 51,200 bytes of it, and the CDK would send more,
 * as YAML.
 */
function deployment({ roleMode, templateBucket }: Settings): StackProps {
  if (roleMode === 'default') return {};
  const synthesizer = new CliCredentialsStackSynthesizer({
    fileAssetsBucketName: templateBucket,
    bucketPrefix: 'cdk/',
  });
  return { synthesizer };
}
