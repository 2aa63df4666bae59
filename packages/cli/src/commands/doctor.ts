import { escapeJson, escapeText } from '@org/wordfreq-aws-adapters/rules';
import {
  type Command,
  type CommandContext,
  type CommonValues,
  defineCommand,
} from '../command-line/command.ts';
import {
  checkEndpoint,
  checkSetup,
  checkVersions,
  endpointOf,
  type Finding,
  notChecked,
  SERVICES,
} from '../doctor/check-environment.ts';
import type { DoctorClients } from '../doctor/check-part.ts';
import { EXIT_CODES } from '../errors.ts';
import {
  bucketOfCopiedUploads,
  PIPELINE_RESOURCES,
  type ResourceName,
  type ResourceNameOptions,
  type ResourceNames,
  resourceNames,
  resourceOptions,
  type Service,
} from '../pipeline/resource-names.ts';
import { padText, wrapItems } from '../terminal/format.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** What only copying needs. */
const OF_COPYING: ReadonlySet<ResourceName> = new Set(['uploadsQueueUrl', 'uploadsDeadLetterQueueUrl']);

const RESOURCE_NAMES = Object.keys(PIPELINE_RESOURCES) as readonly ResourceName[];

/** `wordfreq doctor`. */
export const doctorCommand: Command = defineCommand({
  description:
    'Checks versions, credentials, region, whether each service responds, and whether each named part of a pipeline exists ' +
    'and can be read. Each finding says what to do about it. Nothing is changed, and no message is received.',
  options: resourceOptions(...RESOURCE_NAMES),
  examples: [
    { line: 'wordfreq doctor', summary: 'with the variables that the worker has' },
    {
      line: 'wordfreq doctor --profile work --results-table wordfreq-results',
      summary: 'as somebody else, one part',
    },
    { line: 'wordfreq doctor --json', summary: 'for a program, such as a check before a deployment' },
  ],
  failure: 'a problem was found',
  async run(_, options, context) {
    return runDoctor(options, context);
  },
});

/** The options of `wordfreq doctor`, as the command line gives them. */
export type DoctorOptions = ResourceNameOptions &
  Pick<CommonValues, 'json' | 'region' | 'endpointUrl' | 'profile'>;

/** `wordfreq doctor`: checks everything a pipeline needs. Returns the exit code: 1 if there is a problem. */
export async function runDoctor(options: DoctorOptions, context: CommandContext): Promise<number> {
  const { terminal, signal } = context;
  const findings = await examine(options, context);
  signal.throwIfAborted();
  const isWell = !findings.some(({ status }) => status === 'problem');
  if (options.json) terminal.line(escapeJson({ ok: isWell, findings }, 2));
  else await terminal.write(report(findings, isWell, terminal));
  return isWell ? EXIT_CODES.ok : EXIT_CODES.failed;
}

/** All findings, in the order in which one would look. What depends on something missing is not checked. */
export async function examine(
  options: Omit<DoctorOptions, 'json'>,
  { environment, version }: Pick<CommandContext, 'environment' | 'version'>,
): Promise<readonly Finding[]> {
  const { createDoctorClients } = await import('../doctor/check-part.ts');
  const clients = createDoctorClients(options, environment);
  try {
    const setup = await checkSetup(clients);
    const [credentials, region] = setup;
    const endpoints = await checkEndpoints(options, environment, region);
    const parts = await checkParts(clients, resourceNames(options, environment), (service) => {
      const missing = [credentials, region, endpoints.get(service)].find(
        (need) => need?.status === 'problem',
      );
      return missing?.check;
    });
    return [...checkVersions(version()), ...setup, ...endpoints.values(), ...parts];
  } finally {
    clients.destroy();
  }
}

async function checkEndpoints(
  { endpointUrl }: Omit<DoctorOptions, 'json'>,
  environment: CommandContext['environment'],
  region: Finding | undefined,
): Promise<ReadonlyMap<Service, Finding>> {
  const services = Object.keys(SERVICES) as Service[];
  const found = await Promise.all(
    services.map(async (service) => {
      const name = region?.status === 'ok' ? region.detail : '';
      const endpoint = endpointOf(service, name, endpointUrl, environment);
      const isKnown = name !== '' || !endpoint.startsWith(`https://${service}..`);
      const finding = isKnown
        ? await checkEndpoint(service, endpoint)
        : notChecked(SERVICES[service].name, 'its endpoint depends on the region');
      return [service, finding] as const;
    }),
  );
  return new Map(found);
}

async function checkParts(
  clients: DoctorClients,
  names: ResourceNames,
  lackOf: (service: Service) => string | undefined,
): Promise<readonly Finding[]> {
  const { checkPart } = await import('../doctor/check-part.ts');
  const inPlace = names.find('uploadingBucket') !== undefined && bucketOfCopiedUploads(names) === undefined;
  return Promise.all(
    RESOURCE_NAMES.map(async (resource) => {
      const part = PIPELINE_RESOURCES[resource];
      const [name] = names.all(resource);
      if (name === undefined && inPlace && OF_COPYING.has(resource))
        return notChecked(part.what, 'not needed: uploads are counted in place');
      if (name === undefined)
        return notChecked(part.what, 'not named', `Set ${part.variable} to have it checked.`);
      const lack = lackOf(part.service);
      return lack === undefined
        ? checkPart(clients, part, name)
        : notChecked(part.what, `needs ${lack} first`);
    }),
  );
}

function* report(findings: readonly Finding[], isWell: boolean, terminal: Terminal): Iterable<string> {
  const marks = { ok: terminal.good('✔'), problem: terminal.bad('✗'), 'not-checked': terminal.faint('–') };
  const widest = Math.max(...findings.map(({ check }) => check.length));
  for (const { check, status, detail, hint } of findings) {
    const [first = '', ...more] = wrapped(detail, terminal.columns - widest - 4);
    yield `${marks[status]} ${padText(check, widest)}  ${first}`;
    for (const line of more) yield `${' '.repeat(widest + 4)}${line}`;
    const hints = hint === undefined ? [] : wrapped(hint, terminal.columns - 6);
    for (const [index, line] of hints.entries())
      yield terminal.strong(`    ${index === 0 ? '→' : ' '} ${line}`);
  }
  const problems = findings.filter(({ status }) => status === 'problem').length;
  yield isWell ? terminal.good('No problem was found.') : terminal.bad(`${problems} to fix.`);
}

function wrapped(text: string, columns: number): readonly string[] {
  return wrapItems(escapeText(text).split(' '), columns, ' ');
}
