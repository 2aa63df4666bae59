/**
 * Writes docs/costs.md: unit prices, the cost of an idle month, and the cost of work, computed from the
 * prices and from the resources in the templates. Run `npm run docs`. A test compares.
 */
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { WordFreqPipeline, type WordFreqPipelineProps, WorkerImage } from '../src/index.ts';
import { PRICES, type Price } from './cost-prices.ts';

const TARGET: string = join(resolve(import.meta.dirname, '..'), 'docs/costs.md');
const HOURS = 730;

/** The calls for one file, apart from its bytes: as the programs make them, or assumed where it says so. */
const PER_FILE: readonly (readonly [price: Price, per: number, amount: number, what: string])[] = [
  ['S3 PUT or COPY, 1,000', 1e3, 1, 'the copy'],
  ['S3 GET or HEAD, 1,000', 1e3, 2, 'HEAD of the upload, GET of the copy'],
  [
    'SQS request, million',
    1e6,
    5.2,
    'announcement, job, receive, result, delete; Lambda receives ten at a time',
  ],
  ['SNS publish, million', 1e6, 1, 'the announcement of the copy'],
  ['Lambda request, million', 1e6, 0.1, 'ten files at a time'],
  ['Lambda ARM64, GB-second', 1, 0.05, 'assumed: 2 s of 256 MB for ten files'],
  [
    'DynamoDB write unit (1 kB), million',
    1e6,
    8,
    'assumed: a record of 4 kB, written again when it is published',
  ],
  ['DynamoDB read unit (4 kB), million', 1e6, 1, 'checks for an existing result'],
  ['CloudWatch Logs taken in, GB', 1, 1.2e-6, 'assumed: 1.2 kB of lines'],
];

/**
 * A task of the default size and its throughput: a cautious assumption. Spot would cost about a third.
 */
const TASK = {
  vcpu: 0.5,
  gb: 1,
  filesPerSecond: 20,
  megabytesPerSecond: 50,
  quietMinutes: 20,
  customMetrics: 35,
};

const price = (name: Price, amount: number): number => PRICES[name] * amount;

/** An hour of a task in the public network. */
const TASK_HOUR =
  price('Fargate ARM64, vCPU-hour', TASK.vcpu) +
  price('Fargate ARM64, GB-hour', TASK.gb) +
  price('public IPv4 address, hour', 1);

/** The resources of a template that are billed by the month. */
interface Inventory {
  readonly alarmMetrics: number;
  readonly endpoints: number;
  readonly natGateways: number;
}

function inventory(props: Partial<WordFreqPipelineProps>): Inventory {
  const stack = new Stack(new App(), 'Costs');
  const image = WorkerImage.fromRegistry('123456789012.dkr.ecr.eu-central-1.amazonaws.com/worker:1');
  new WordFreqPipeline(stack, 'WordFreq', {
    image,
    upload: { code: 'inline' },
    ...props,
  });
  const template = Template.fromStack(stack);
  const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm'));
  const metricsOf = ({ Metrics = [] }: { Metrics?: { MetricStat?: object }[] }): number =>
    Math.max(1, Metrics.filter(({ MetricStat }) => MetricStat !== undefined).length);
  const own = alarms.reduce((sum, { Properties }) => sum + metricsOf(Properties), 0);
  const interfaces = Object.values(template.findResources('AWS::EC2::VPCEndpoint')).filter(
    ({ Properties }) => Properties.VpcEndpointType === 'Interface',
  );
  return {
    // Target tracking creates two alarms, each on the five metrics of its expression.
    alarmMetrics: own + 10,
    endpoints: interfaces.length,
    natGateways: Object.keys(template.findResources('AWS::EC2::NatGateway')).length,
  };
}

/** Lambda polls an idle queue with five pollers, each with a wait of 20 s. */
const IDLE_POLLS = (5 * HOURS * 3600) / 20;

const usd = (value: number): string => {
  if (value === 0) return '0';
  if (value < 0.005) return 'under 0.01';
  return value.toFixed(2);
};
const row = (...cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;

function idleTable(): string[] {
  const standard = inventory({});
  const isolated = inventory({ network: { mode: 'isolated' } });
  const nat = inventory({ network: { mode: 'nat' } });
  const alarms = price('CloudWatch alarm metric, month', standard.alarmMetrics);
  const polls = price('SQS request, million', IDLE_POLLS / 1e6);
  const dashboard = PRICES['CloudWatch dashboard, month (three are free)'];
  const endpoints = price('interface endpoint, hour and zone', isolated.endpoints * 2 * HOURS);
  const gateway = price('NAT gateway, hour', nat.natGateways * HOURS);
  const page = price('load balancer, hour', HOURS) + TASK_HOUR * HOURS;
  return [
    row('a month without work', 'USD', 'why'),
    row('---', '--:', '---'),
    row('tasks', '0', 'none runs'),
    row(
      'alarms',
      usd(alarms),
      `${standard.alarmMetrics} metrics, ten of them of target tracking's own alarms`,
    ),
    row(
      'uploads queue',
      usd(polls),
      `Lambda polls an empty queue ${Math.round(IDLE_POLLS).toLocaleString('en-US')} times`,
    ),
    row(
      'dashboard',
      `0 to ${usd(dashboard)}`,
      'an account has three free ones; `dashboard: false` creates none',
    ),
    row(
      '**the default, `public` network**',
      `**${usd(alarms + polls)} to ${usd(alarms + polls + dashboard)}**`,
      '',
    ),
    row(
      '`isolated` network',
      `+ ${usd(endpoints)}`,
      `${isolated.endpoints} interface endpoints in two zones`,
    ),
    row(
      '`nat` network',
      `+ ${usd(gateway)}`,
      `${nat.natGateways} gateway; and ${PRICES['NAT gateway, GB']} for each GB`,
    ),
    row('`page`', `+ ${usd(page)}`, 'a load balancer, and one task all the time to serve the page'),
    row(
      '`encryptionKey`',
      `+ ${usd(PRICES['KMS key, month'])}`,
      'the key; requests cost cents with bucket keys',
    ),
    row('kept data', 'by the GB', dataPrices()),
  ];
}

/** Backups of DynamoDB are full ones, each as large as the table. */
const KEPT_BACKUPS = 35;
const RESULT_GB = 4e-6;
const TABLE_GB_MONTH =
  PRICES['DynamoDB storage, GB-month'] +
  PRICES['DynamoDB point-in-time recovery, GB-month'] +
  price('AWS Backup of DynamoDB, GB-month', KEPT_BACKUPS);

function dataPrices(): string {
  const backups = `most of it for ${KEPT_BACKUPS} daily backups: keep fewer by \`backup.rules\``;
  return `S3 ${PRICES['S3 storage, GB-month']} in each bucket; results ${usd(TABLE_GB_MONTH)}, ${backups}`;
}

interface Work {
  readonly name: string;
  readonly files: number;
  readonly gigabytes: number;
}

const WORK: readonly Work[] = [
  { name: '120 files of 50 kB', files: 120, gigabytes: 0.006 },
  { name: '1 M files of 50 kB', files: 1e6, gigabytes: 50 },
  { name: '1 TB in 10,000 files of 100 MB', files: 1e4, gigabytes: 1000 },
];

function workRow({ name, files, gigabytes }: Work): string {
  const seconds = files / TASK.filesPerSecond + (gigabytes * 1000) / TASK.megabytesPerSecond;
  const hours = seconds / 3600 + TASK.quietMinutes / 60;
  const tasks = hours * TASK_HOUR;
  const metrics = price('CloudWatch custom metric, month', (TASK.customMetrics * hours) / HOURS);
  const calls = files * PER_FILE.reduce((sum, [name, per, amount]) => sum + price(name, amount / per), 0);
  const storage = 2 * price('S3 storage, GB-month', gigabytes);
  return row(
    name,
    usd(tasks),
    usd(calls),
    usd(metrics),
    `**${usd(tasks + calls + metrics)}**`,
    `+ ${usd(storage)}`,
    `+ ${usd(files * RESULT_GB * TABLE_GB_MONTH)}`,
  );
}

function perFileTable(): string[] {
  return [
    row('one file', 'USD for a million', 'what'),
    row('---', '--:', '---'),
    ...PER_FILE.map(([name, per, amount, what]) =>
      row(
        `${amount} × ${name.replace(/, (1,000|million)$/, '')}`,
        usd(1e6 * price(name, amount / per)),
        what,
      ),
    ),
  ];
}

/** The text of the page. */
export function costTables(): string {
  const lines = [
    '# What it costs',
    '',
    'Generated by `npm run docs` from the prices below and the resources in the templates. These are estimates for us-east-1 from list',
    'prices, without free tiers. Prices change, so check them. Nothing here was measured on a bill.',
    '',
    ...idleTable(),
    '',
    row('work, once', 'tasks', 'calls', 'metrics', 'together', 'both buckets, a month', 'results, a month'),
    row('---', '--:', '--:', '--:', '--:', '--:', '--:'),
    ...WORK.map(workRow),
    '',
    `Tasks: ${TASK.vcpu} vCPU and ${TASK.gb} GB, on demand, ${TASK_HOUR.toFixed(3)} an hour including its public address; assumed ${TASK.filesPerSecond} files and ${TASK.megabytesPerSecond} MB a second, and`,
    `${TASK.quietMinutes} idle minutes until the last task stops. Metrics: about ${TASK.customMetrics} of Container Insights and the worker, billed by the hour.`,
    "The uploader's own requests are not included. You can delete the processing bucket's copies with a lifecycle rule.",
    '',
    ...perFileTable(),
    '',
    `One mail for each file (\`notify: 'each'\`) adds ${usd(price('SNS e-mail, 100,000', 1) + price('SNS publish, million', 0.1))} for 100,000 files. \`monthlyBudgetUsd\` sends a mail before a month costs more; it stops nothing.`,
    '',
    row('price', 'USD'),
    row('---', '--:'),
    ...Object.entries(PRICES).map(([name, value]) => row(name, String(value))),
    '',
  ];
  return lines.join('\n');
}

if (process.argv[1] === import.meta.filename) writeFileSync(TARGET, costTables());
