import { IgnoreMode, Stack, Token } from 'aws-cdk-lib';
import type { IRepository } from 'aws-cdk-lib/aws-ecr';
import { DockerImageAsset, Platform } from 'aws-cdk-lib/aws-ecr-assets';
import { ContainerImage, CpuArchitecture } from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';
import { type PropCheck, required } from './check-props.ts';

/** An image, and the repository that the execution role must read for it. */
export interface BoundImage {
  /** As the CDK takes it. */
  readonly image: ContainerImage;
  /** What the execution role must be able to pull from. @default - the registry needs no permission of this account */
  readonly repositoryArn?: string;
  /** The image's name when it is not in ECR of the stack's Region, which is all that an isolated network reaches. @default - it is there */
  readonly elsewhere?: string;
}

/** How a folder becomes an image. */
export interface ImageBuildOptions {
  /** The Dockerfile, seen from the folder. @default 'Dockerfile' */
  readonly file?: string;
  /** Such as `NODE_IMAGE`, to pin the base by its digest. @default - as the Dockerfile says */
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
   * @throws Error for the tag `latest`, with which nobody can say what runs or go back
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
   * A Dockerfile's folder, built when the stack is deployed; needs a bootstrapped account and a docker engine there. Its `.dockerignore` says
   * what is read.
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
   * An image by its whole name, such as `public.ecr.aws/nginx/nginx:1.29`. From ECR it may be pulled; the owner of another account's repository
   * must allow it, too. An isolated network reaches ECR of its Region only.
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

  /** Makes the image usable in a stack. */
  bind(scope: Construct, architecture: CpuArchitecture): BoundImage {
    return this.#bind(scope, architecture);
  }
}

/** ECR's names of its images, such as `123456789012.dkr.ecr.eu-central-1.amazonaws.com/wordfreq-worker:1.0.0`. */
const ECR = /^(?<account>\d+)\.dkr[.-]ecr(?:-fips)?\.(?<region>[^.]+)\.[^/]+\/(?<name>[^:@]+)/;

/** What must be allowed to pull an image, which no other registry asks of an account's roles. */
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

/** What is known only when deployed counts as the same Region. */
function isRegionOf(scope: Construct, region: string): boolean {
  const here = Stack.of(scope).region;
  return Token.isUnresolved(here) || Token.isUnresolved(region) || region === here;
}

const AN_IMAGE = "a WorkerImage, such as WorkerImage.fromEcr(repository, '1.0.0')";

/** For callers in JavaScript, who may leave the image out or give its name. */
export const workerImage: PropCheck = required(AN_IMAGE, (value) =>
  value instanceof WorkerImage ? undefined : AN_IMAGE,
);
