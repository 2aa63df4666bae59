import type { Emulator } from './start-emulator.ts';

/**
 * The services that may assume the role of a learner's lab; moto rejects a function whose role Lambda may not
 * assume.
 */
const TRUSTED = ['lambda', 'ecs-tasks', 'events', 'backup', 'application-autoscaling', 'cloudformation'];

/** Creates the role that an account without the right to make roles has from the start. */
export async function createLabRole({ boto3 }: Emulator): Promise<void> {
  const Statement = [
    {
      Effect: 'Allow',
      Principal: { Service: TRUSTED.map((service) => `${service}.amazonaws.com`) },
      Action: 'sts:AssumeRole',
    },
  ];
  await boto3.call('iam', 'create_role', {
    RoleName: 'LabRole',
    AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }),
  });
}
