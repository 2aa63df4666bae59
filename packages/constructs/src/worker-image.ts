import { IgnoreMode, Stack, Token } from 'aws-cdk-lib';
import type { IRepository } from 'aws-cdk-lib/aws-ecr';
import { DockerImageAsset, Platform } from 'aws-cdk-lib/aws-ecr-assets';
import { ContainerImage, CpuArchitecture } from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';
import { type PropCheck, required } from './check-props.ts';

/** An image in a stack, and the permission that it needs. */
export interface BoundImage {
  /** The image for the CDK's container definition. */
  readonly image: ContainerImage;
  /**
   * The ECR repository from which the execution role must be allowed to pull.
   * @default - no permission is needed
   */
  readonly repositoryArn?: string;
  /**
   * The image's name if it is not in ECR of the stack's Region: an isolated network cannot pull it.
   * @default - it is in that ECR
   */
  readonly elsewhere?: string;
}

/** Options for building an image from a folder. */
export interface ImageBuildOptions {
  /** The path of the Dockerfile, relative to the folder. @default 'Dockerfile' */
  readonly file?: string;
  /**
   * Build arguments, such as `NODE_IMAGE` to pin the base image by its digest.
   * @default - the Dockerfile's defaults
   */
  readonly buildArgs?: Readonly<Record<string, string>>;
}

/**
 * Where the worker's image comes from.
 *
 * @example
 * WorkerImage.fromEcr(Repository.fromRepositoryName(this, 'Repository', 'wordfreq-worker'), '1.4.2');
 */
export class WorkerImage {
  /**
   * An image in ECR.
   *
   * @throws Error for the tag `latest`: it does not say which version is running, and allows no rollback
   */
  static fromEcr(repository: IRepository, tag: string): WorkerImage {
    if (tag === 'latest') throw new Error(`Expected a tag that names a version, got "latest".`);
    return new WorkerImage((scope) => ({
      image: ContainerImage.fromEcrRepository(repository, tag),
      repositoryArn: repository.repositoryArn,
      ...(isRegionOf(scope, repository.env.region) ? {} : { elsewhere: repository.repositoryArn }),
    }));
  }

  /**
   * An image that is built from a folder with a Dockerfile during deployment. This needs a bootstrapped
   * account, and Docker where you deploy. The folder's `.dockerignore` is respected.
   *
   * @example
   * WorkerImage.fromDirectory('wordfreq', { file: 'packages/worker/Dockerfile' });
   */
  static fromDirectory(directory: string, { file, buildArgs }: ImageBuildOptions = {}): WorkerImage {
    return new WorkerImage((scope, architecture) => {
      const asset = new DockerImageAsset(scope, 'Image', {
        directory,
        ignoreMode: IgnoreMode.DOCKER,
        ...(file === undefined ? {} : { file }),
        ...(buildArgs === undefined ? {} : { buildArgs: { ...buildArgs } }),
        platform: architecture === CpuArchitecture.ARM64 ? Platform.LINUX_ARM64 : Platform.LINUX_AMD64,
      });
      return {
        image: ContainerImage.fromDockerImageAsset(asset),
        repositoryArn: asset.repository.repositoryArn,
      };
    });
  }

  /**
   * An image by its full name, such as `public.ecr.aws/nginx/nginx:1.29`. For an image in ECR, the execution
   * role is allowed to pull it; if the repository is in another account, its owner must allow that, too. An
   * isolated network can only pull from ECR of its Region.
   */
  static fromRegistry(reference: string): WorkerImage {
    if (!Token.isUnresolved(reference) && !/@sha256:|:(?!latest$)[^:/]+$/.test(reference)) {
      throw new Error(`Expected an image with a tag or digest that names a version, got "${reference}".`);
    }
    return new WorkerImage((scope) => ({
      image: ContainerImage.fromRegistry(reference),
      ...repositoryOf(scope, reference),
      ...(isInEcrOf(scope, reference) ? {} : { elsewhere: reference }),
    }));
  }

  readonly #bind: (scope: Construct, architecture: CpuArchitecture) => BoundImage;

  private constructor(bind: (scope: Construct, architecture: CpuArchitecture) => BoundImage) {
    this.#bind = bind;
  }

  /** Returns the image for a stack. */
  bind(scope: Construct, architecture: CpuArchitecture): BoundImage {
    return this.#bind(scope, architecture);
  }
}

/** Image names in ECR, such as `123456789012.dkr.ecr.eu-central-1.amazonaws.com/wordfreq-worker:1.0.0`. */
const ECR = /^(?<account>\d+)\.dkr[.-]ecr(?:-fips)?\.(?<region>[^.]+)\.[^/]+\/(?<name>[^:@]+)/;

/** The ECR repository of an image. Other registries do not use permissions of this account. */
function repositoryOf(scope: Construct, reference: string): Pick<BoundImage, 'repositoryArn'> {
  const { account, region, name } = ECR.exec(reference)?.groups ?? {};
  if (account === undefined || region === undefined || name === undefined) return {};
  const repository = { service: 'ecr', account, region, resource: 'repository', resourceName: name };
  return { repositoryArn: Stack.of(scope).formatArn(repository) };
}

function isInEcrOf(scope: Construct, reference: string): boolean {
  const { region } = ECR.exec(reference)?.groups ?? {};
  return region === undefined ? Token.isUnresolved(reference) : isRegionOf(scope, region);
}

/** A Region that is known only after deployment counts as the same. */
function isRegionOf(scope: Construct, region: string): boolean {
  const here = Stack.of(scope).region;
  return Token.isUnresolved(here) || Token.isUnresolved(region) || region === here;
}

const EXPECTED_IMAGE = "a WorkerImage, such as WorkerImage.fromEcr(repository, '1.0.0')";

/** For callers in JavaScript, who may omit the image or pass its name. */
export const workerImage: PropCheck = required(EXPECTED_IMAGE, (value) =>
  value instanceof WorkerImage ? undefined : EXPECTED_IMAGE,
);
