import { RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { Repository, TagMutability } from 'aws-cdk-lib/aws-ecr';
import type { Construct } from 'constructs';

/** A stack of its own, because the image must be there before the service that runs it. */
export class RepositoryStack extends Stack {
  constructor(
    scope: Construct,
    id: string,
    { repositoryName, ...props }: StackProps & { repositoryName: string },
  ) {
    super(scope, id, props);
    // By hand: create a repository in the ECR console, then follow its "View push commands" (README, step 2).
    new Repository(this, 'Worker', {
      repositoryName,
      imageScanOnPush: true,
      // A tag names one image for ever, so that a rollback is a tag.
      imageTagMutability: TagMutability.IMMUTABLE,
      lifecycleRules: [{ maxImageCount: 20 }],
      // Images are kept; deploying again takes the repository back by its name (`--import-existing-resources`
      // in package.json).
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
  }
}
