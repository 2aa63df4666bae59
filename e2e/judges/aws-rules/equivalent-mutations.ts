/**
 * What can be removed without AWS rejecting anything, and why. A row that is no longer needed fails the
 * judge.
 */
export const EQUIVALENT: readonly { readonly mutation: RegExp; readonly reason: string }[] = [
  {
    mutation: /^no (s3|sqs|sns|dynamodb|kms|ecs):.* in AWS::IAM::Policy \w*TaskRolePolicy$/,
    reason: 'What the worker asks for is judged at the wire, by judges/policies.',
  },
  {
    mutation: /^no (s3:|sqs:SendMessage).* in AWS::IAM::Policy \w*CopyRolePolicy$/,
    reason: 'What the copy Lambda asks for is judged at the wire, by judges/policies.',
  },
  {
    mutation:
      /^(no sqs:ReceiveMessage.* in|AWS::Lambda::EventSourceMapping without waiting for) AWS::IAM::Policy \w*CopyRolePolicy$/,
    reason: 'Of a function that was given: its role is not in the template, which only adds a policy to it.',
  },
  {
    mutation: /^no kms:\* to "the account" in AWS::KMS::Key /,
    reason:
      'Where uploads are counted in place only the worker uses the key by its role, which judges/policies judges at the wire.',
  },
  {
    mutation: /^no AWS::Lambda::Permission events\.amazonaws\.com$/,
    reason: 'Of a function that was given: it is not in the template.',
  },
  {
    mutation: /^no sns:Publish to "the account" in AWS::SNS::TopicPolicy /,
    reason: 'For others of the account who publish to a topic that was given: nobody in the template does.',
  },
  {
    mutation: /^no AWS::EC2::VPCEndpoint \w*Vpc(S3|DynamoDb)$/,
    reason: 'With a way to the internet, these only save the cost of the traffic.',
  },
  {
    mutation:
      /^AWS::ElasticLoadBalancingV2::LoadBalancer without waiting for AWS::EC2::(Route|SubnetRouteTableAssociation) /,
    reason: 'For a public load balancer ELB asks for the internet gateway of the VPC, not for routes to it.',
  },
  {
    mutation: /^AWS::EC2::NatGateway without waiting for AWS::EC2::SubnetRouteTableAssociation /,
    reason: 'EC2 asks for the internet gateway of the VPC, not for routes to it.',
  },
  {
    mutation: /^AWS::EC2::SecurityGroup without waiting for (AWS::S3::BucketPolicy|AWS::IAM::Role) /,
    reason: 'The CDK makes everything below a construct wait; a security group needs neither.',
  },
  {
    mutation: /^AWS::Lambda::Function that runs for an hour$/,
    reason: 'Of a function that no queue calls.',
  },
];
