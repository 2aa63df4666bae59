import { App, type AppProps, BootstraplessSynthesizer, type StackProps } from 'aws-cdk-lib';
import { ReferenceStack } from './reference-stack.ts';
import { RepositoryStack } from './repository-stack.ts';
import { readSettings } from './settings.ts';

/** Both stacks, with the settings of cdk.json. */
export function buildApp(props: AppProps = {}): { app: App; stack: ReferenceStack } {
  const app = new App(props);
  const settings = readSettings((key) => app.node.tryGetContext(key));
  const existing = settings.roleMode === 'existing';
  const stackProps: StackProps = {
    // Bootstrapping makes five roles. Without it a template must travel in the request: CloudFormation takes 51,200 bytes.
    ...(existing ? { synthesizer: new BootstraplessSynthesizer(), suppressTemplateIndentation: true } : {}),
  };
  new RepositoryStack(app, 'WordFreqRepository', {
    repositoryName: settings.imageRepository,
    ...(existing ? { synthesizer: new BootstraplessSynthesizer() } : {}),
  });
  const stack = new ReferenceStack(app, 'WordFreq', settings, stackProps);
  return { app, stack };
}
