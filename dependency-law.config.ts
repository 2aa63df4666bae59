import type { IConfiguration, IRegularForbiddenRuleType } from 'dependency-cruiser';

/**
 * The dependency law (ARCHITECTURE.md, "Dependency law") as failing checks, for dependency-cruiser. It sees
 * subpaths as folders, because the "@org/source" condition resolves every workspace import to its source.
 * `tools/dependency-law.test.ts` proves that each rule here can fail.
 */

const TEST_FILES = '(\\.test\\.ts|\\.test-d\\.ts)$|/(test|bench|fixtures|tools)/';
const source = (folder: string): string => `^packages/${folder}/src/`;
const ADAPTERS = 'packages/aws-adapters/src';

/** Each adapter folder, and the one client that it may load. */
const CLIENT_OF: Record<string, string[]> = {
  s3: ['@aws-sdk/client-s3', '@aws-sdk/lib-storage'],
  sqs: ['@aws-sdk/client-sqs'],
  sns: ['@aws-sdk/client-sns'],
  dynamodb: ['@aws-sdk/client-dynamodb', '@aws-sdk/lib-dynamodb', '@aws-sdk/util-dynamodb'],
  events: ['valibot'],
  memory: [],
};

const forbid = (
  name: string,
  comment: string,
  from: IRegularForbiddenRuleType['from'],
  to: IRegularForbiddenRuleType['to'],
): IRegularForbiddenRuleType & { name: string } => ({ name, comment, severity: 'error', from, to });

const adapterRules = Object.entries(CLIENT_OF).map(([folder, clients]) =>
  forbid(
    `adapter-${folder}`,
    `${folder} imports the ports, the rules, the errors and ${clients.join(', ') || 'nothing else'}.`,
    { path: `^${ADAPTERS}/${folder}/`, pathNot: TEST_FILES },
    {
      pathNot: [
        `^${ADAPTERS}/(ports|rules|errors|${folder})/`,
        '^(node:)?(assert|buffer|crypto|events|stream|stream/promises|timers/promises|util|zlib)$',
        ...clients.map((client) => `^node_modules/${client}/`),
      ],
    },
  ),
);

const law: IConfiguration & { forbidden: (IRegularForbiddenRuleType & { name: string })[] } = {
  forbidden: [
    forbid('no-cycles', 'Files that need each other are one idea in two files.', {}, { circular: true }),
    forbid('resolvable', 'Every import must resolve.', {}, { couldNotResolve: true }),
    forbid(
      'core-is-pure',
      'The core imports nothing, not even node:.',
      {
        path: source('core-wordfreq'),
        pathNot: [TEST_FILES, '^packages/core-wordfreq/src/(node|encoding)/'],
      },
      { pathNot: source('core-wordfreq') },
    ),
    forbid(
      'core-encoding-wrapper',
      'The detector of encodings adds chardet, which the build includes, and nothing else.',
      { path: '^packages/core-wordfreq/src/encoding/', pathNot: TEST_FILES },
      { pathNot: [source('core-wordfreq'), '^node_modules/chardet/'] },
    ),
    forbid(
      'core-root-ignores-platforms',
      'The platform wrappers import the core, never the other way round.',
      {
        path: source('core-wordfreq'),
        pathNot: [TEST_FILES, '^packages/core-wordfreq/src/(node|web|encoding)/'],
      },
      { path: '^packages/core-wordfreq/src/(node|web|encoding)/' },
    ),
    forbid(
      'core-node-wrapper',
      'The Node wrapper adds Node itself and nothing else.',
      { path: '^packages/core-wordfreq/src/node/', pathNot: TEST_FILES },
      { pathNot: source('core-wordfreq'), dependencyTypesNot: ['core'] },
    ),
    forbid(
      'ports-are-alone',
      'Ports import other ports only.',
      { path: `^${ADAPTERS}/ports/` },
      { pathNot: `^${ADAPTERS}/ports/` },
    ),
    forbid(
      'rules-are-pure',
      'A rule that several layers share imports other rules and the ports’ types only.',
      { path: `^${ADAPTERS}/rules/`, pathNot: TEST_FILES },
      { pathNot: `^${ADAPTERS}/(rules|ports)/` },
    ),
    ...adapterRules,
    forbid(
      'use-cases-know-ports-and-rules',
      'In worker and copy-lambda only the composition roots pick adapters.',
      {
        path: '^packages/(worker|copy-lambda)/src/',
        pathNot: [
          TEST_FILES,
          '^packages/worker/src/(main|aws/aws-ports)\\.ts$',
          '^packages/copy-lambda/src/handler\\.ts$',
        ],
      },
      { path: [`^${ADAPTERS}/(?!(ports|rules)/)`, '^node_modules/@aws-sdk/'] },
    ),
    forbid(
      'applications-do-not-meet',
      'worker and copy-lambda share ports and rules, not code.',
      { path: '^packages/(worker|copy-lambda)/', pathNot: TEST_FILES },
      { path: '^packages/(worker|copy-lambda|constructs|cli)/', pathNot: '^packages/$1/' },
    ),
    forbid(
      'adapters-below-applications',
      'Adapters never import applications or constructs.',
      { path: '^packages/aws-adapters/' },
      { path: '^packages/(worker|copy-lambda|constructs|cli)/' },
    ),
    forbid(
      'constructs-take-files',
      'Constructs import the CDK; applications reach them as built files, never as modules.',
      { path: source('constructs'), pathNot: TEST_FILES },
      {
        pathNot: [source('constructs'), '^node_modules/(aws-cdk-lib|constructs)/'],
        dependencyTypesNot: ['core'],
      },
    ),
    forbid(
      'cli-calls-aws-through-ports',
      'Commands call AWS through the ports; only the doctor and create-table look at resources themselves.',
      {
        path: source('cli'),
        pathNot: [TEST_FILES, '^packages/cli/src/(pipeline/(cloud|results-table)\\.ts$|doctor/)'],
      },
      { path: '(^|/)node_modules/@aws-sdk/' },
    ),
    forbid(
      'cli-leaves-constructs-alone',
      'Deploying is the CDK CLI’s work.',
      { path: '^packages/cli/' },
      { path: ['^packages/constructs/', '^node_modules/aws-cdk-lib/'] },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^packages/[^/]+/dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@org/source', 'import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json', '.d.ts'],
    },
  },
};

export default law;
