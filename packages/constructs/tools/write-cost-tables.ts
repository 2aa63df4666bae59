/**
 * Writes docs/costs.md: unit prices, the cost of an idle month, and the cost of work, computed from the
 * prices and from the resources in the templates. Run `npm run docs`. A test compares.
 */
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { PRICES, PRICES_OF, type Price } from '@org/wordfreq-aws-adapters/rules';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { WordFreqPipeline, type WordFreqPipelineProps, WorkerImage } from '../src/index.ts';
import { COUNTED } from './counted-requests.ts';

const TARGET: string = join(resolve(import.meta.dirname, '..'), 'docs/costs.md');
const HOURS = 730;

/** Lambda hands ten files to the function at a time; one request receives them, and one deletes them. */
const FILES_PER_INVOCATION = 10;
/** Assumed: how long a request to S3 takes the copy Lambda, which makes one after the other. */
const COPY_SECONDS_PER_REQUEST = 0.04;
const COPY_MEMORY_GB = 0.25;
/** Assumed: the lines that the copy Lambda and a worker log of a file. */
const LOG_GB_PER_PROGRAM = 0.6e-6;

/** A kind of call that a file takes, and how often, with and without the copy. */
interface Call {
  readonly name: Price;
  /** What the price is for. */
  readonly per: number;
  readonly copying: number;
  readonly inPlace: number;
  readonly what: string;
}

const { copy, job, writeUnits } = COUNTED;
const copySeconds = (copy.heads + copy.copies) * COPY_SECONDS_PER_REQUEST;
const WRITES = writeUnits.record + writeUnits.index;

/** The calls for one file, apart from its bytes. */
const CALLS: readonly Call[] = [
  { name: 'S3 PUT or COPY, 1,000', per: 1e3, copying: copy.copies, inPlace: 0, what: 'the copy' },
  {
    name: 'S3 GET or HEAD, 1,000',
    per: 1e3,
    copying: copy.heads + job.gets,
    inPlace: job.gets,
    what: 'HEAD of the upload, GET of the text',
  },
  {
    name: 'SQS request, million',
    per: 1e6,
    // S3's message to the uploads queue, and what Lambda's batches share; the topic's message; the worker.
    copying: 1 + 2 / FILES_PER_INVOCATION + 1 + job.queueRequests,
    inPlace: 1 + job.queueRequests,
    what: 'announcements; shares of what Lambda and workers do for many files at once',
  },
  { name: 'SNS publish, million', per: 1e6, copying: 1, inPlace: 0, what: 'the announcement of the copy' },
  {
    name: 'Lambda request, million',
    per: 1e6,
    copying: 1 / FILES_PER_INVOCATION,
    inPlace: 0,
    what: 'ten files at a time',
  },
  {
    name: 'Lambda ARM64, GB-second',
    per: 1,
    copying: copySeconds * COPY_MEMORY_GB,
    inPlace: 0,
    what: `assumed: ${COPY_SECONDS_PER_REQUEST} s for each request to S3`,
  },
  {
    name: 'DynamoDB write unit (1 kB), million',
    per: 1e6,
    copying: WRITES,
    inPlace: WRITES,
    what: `${writeUnits.record} of the record, ${writeUnits.index} of the index`,
  },
  {
    name: 'CloudWatch Logs taken in, GB',
    per: 1,
    copying: 2 * LOG_GB_PER_PROGRAM,
    inPlace: LOG_GB_PER_PROGRAM,
    what: 'assumed: 0.6 kB of lines of each program',
  },
];

/** The two ways to run the pipeline. */
type Mode = 'copying' | 'inPlace';

/**
 * A task of the default size and its throughput. A file took a worker 2.2 to 2.9 ms of processor time in
 * benchmarks of November 2026, and half as much again is assumed for ARM64. Spot would cost about a third.
 */
const TASK = {
  vcpu: 0.5,
  gb: 1,
  filesPerSecond: 130,
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

/** Each task reads one item every five seconds, to know whether intake is paused; half a unit each time. */
const INTAKE_READS_HOUR = price('DynamoDB read unit (4 kB), million', (3600 / 5 / 1e6) * 0.5);

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
  const inPlace = inventory({ copyUploads: false, upload: {} });
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
      '`copyUploads: false`',
      `− ${usd(alarms - price('CloudWatch alarm metric, month', inPlace.alarmMetrics) + polls)}`,
      'no queue of uploads, and two alarms fewer',
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
/** As much as its write units hold, twice: the table and the index. */
const RESULT_GB = (COUNTED.writeUnits.record + COUNTED.writeUnits.index) * 1e-6;
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

function workCosts({ files, gigabytes }: Work, mode: Mode): Record<'tasks' | 'calls' | 'metrics', number> {
  const seconds = files / TASK.filesPerSecond + (gigabytes * 1000) / TASK.megabytesPerSecond;
  const hours = seconds / 3600 + TASK.quietMinutes / 60;
  return {
    tasks: hours * TASK_HOUR,
    calls: files * CALLS.reduce((sum, call) => sum + price(call.name, call[mode] / call.per), 0),
    metrics: price('CloudWatch custom metric, month', (TASK.customMetrics * hours) / HOURS),
  };
}

function workRow(work: Work, mode: Mode): string {
  const { tasks, calls, metrics } = workCosts(work, mode);
  const buckets = mode === 'copying' ? 2 : 1;
  return row(
    work.name,
    mode === 'copying' ? 'copied' : 'in place',
    usd(tasks),
    usd(calls),
    usd(metrics),
    `**${usd(tasks + calls + metrics)}**`,
    `+ ${usd(buckets * price('S3 storage, GB-month', work.gigabytes))}`,
    `+ ${usd(work.files * RESULT_GB * TABLE_GB_MONTH)}`,
  );
}

function perFileTable(): string[] {
  const amount = (call: Call, mode: Mode): string =>
    call[mode].toLocaleString('en-US', { maximumSignificantDigits: 3 });
  const total = (call: Call, mode: Mode): string => usd(perMillion(call, mode));
  return [
    row('a file', 'copied', 'USD for a million', 'in place', 'USD for a million', 'what'),
    row('---', '--:', '--:', '--:', '--:', '---'),
    ...CALLS.map((call) =>
      row(
        call.name.replace(/, (1,000|million)$/, ''),
        amount(call, 'copying'),
        total(call, 'copying'),
        amount(call, 'inPlace'),
        total(call, 'inPlace'),
        call.what,
      ),
    ),
    row('**together**', '', sumOf('copying'), '', sumOf('inPlace'), ''),
  ];
}

const perMillion = (call: Call, mode: Mode): number => 1e6 * price(call.name, call[mode] / call.per);
const sumOf = (mode: Mode): string =>
  `**${usd(CALLS.reduce((sum, call) => sum + perMillion(call, mode), 0))}**`;

/** The three lines that cost most. */
function dearest(mode: Mode): string {
  const sorted = CALLS.toSorted((a, b) => perMillion(b, mode) - perMillion(a, mode)).slice(0, 3);
  return sorted
    .map((call) => `${call.name.replace(/( \(1 kB\))?, .*$/, '')} ${usd(perMillion(call, mode))}`)
    .join(', ');
}

/** The text of the page. */
export function costTables(): string {
  const lines = [
    '# What it costs',
    '',
    'Generated by `npm run docs` from the requests that tests count at the wire, the resources in the templates, and the prices below. These are estimates',
    `for us-east-1 from list prices of ${PRICES_OF}, without free tiers. Prices change, so check them. Nothing here was measured on a bill.`,
    '',
    ...idleTable(),
    '',
    row(
      'work, once',
      'texts',
      'tasks',
      'calls',
      'metrics',
      'together',
      'buckets, a month',
      'results, a month',
    ),
    row('---', '---', '--:', '--:', '--:', '--:', '--:', '--:'),
    ...WORK.flatMap((work) => [workRow(work, 'copying'), workRow(work, 'inPlace')]),
    '',
    `Tasks: ${TASK.vcpu} vCPU and ${TASK.gb} GB, on demand, ${TASK_HOUR.toFixed(3)} an hour including its public address; ${TASK.filesPerSecond} files or ${TASK.megabytesPerSecond} MB a second, and`,
    `${TASK.quietMinutes} idle minutes until the last task stops. Metrics: about ${TASK.customMetrics} of Container Insights and the worker, billed by the hour.`,
    `Each task also reads every five seconds whether intake is paused: ${usd(INTAKE_READS_HOUR * HOURS)} a month for a task that runs all the time.`,
    "The uploader's own requests are not included. You can delete the processing bucket's copies with a lifecycle rule.",
    '',
    'In place (`copyUploads: false`): texts are counted in the bucket to which they are uploaded, without a copy, the copy Lambda and the topic.',
    '',
    ...perFileTable(),
    '',
    'Each result says what it cost its worker, by these prices: `wordfreq results --cost`, `explain` and the page.',
    '',
    `What keeps it up: with copies ${dearest('copying')}; in place ${dearest('inPlace')}.`,
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
