/** When the prices were last read from AWS's pricing pages. */
export const PRICES_OF = '2026-11';

/** List prices in US dollars for us-east-1, without free tiers. */
export const PRICES = {
  'Fargate ARM64, vCPU-hour': 0.03238,
  'Fargate ARM64, GB-hour': 0.00356,
  'public IPv4 address, hour': 0.005,
  'S3 PUT or COPY, 1,000': 0.005,
  'S3 GET or HEAD, 1,000': 0.0004,
  'S3 storage, GB-month': 0.023,
  'SQS request, million': 0.4,
  'SNS publish, million': 0.5,
  'SNS e-mail, 100,000': 2,
  'Lambda request, million': 0.2,
  'Lambda ARM64, GB-second': 0.0000133334,
  'DynamoDB write unit (1 kB), million': 0.625,
  'DynamoDB read unit (4 kB), million': 0.125,
  'DynamoDB storage, GB-month': 0.25,
  'DynamoDB point-in-time recovery, GB-month': 0.2,
  'AWS Backup of DynamoDB, GB-month': 0.1,
  'CloudWatch alarm metric, month': 0.1,
  'CloudWatch dashboard, month (three are free)': 3,
  'CloudWatch custom metric, month': 0.3,
  'CloudWatch Logs taken in, GB': 0.5,
  'NAT gateway, hour': 0.045,
  'NAT gateway, GB': 0.045,
  'interface endpoint, hour and zone': 0.01,
  'load balancer, hour': 0.0225,
  'KMS key, month': 1,
} as const;
/** The name of a price. */
export type Price = keyof typeof PRICES;
