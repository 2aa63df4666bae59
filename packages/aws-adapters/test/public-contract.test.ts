import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  exports: Record<string, { '@org/source': string }>;
};

/** What each subpath offers at run time. A name that goes, or changes its meaning, makes a major version. */
const EXPORTS: Record<string, string[]> = {
  './ports': [],
  './rules': [
    'COMPRESSION_SUFFIXES',
    'CostSums',
    'KEY_FORM',
    'KIND_BYTES',
    'NO_COST',
    'OUTCOMES',
    'PLAIN_TEXT',
    'PRICES',
    'PRICES_OF',
    'REASONS',
    'STOP_WORD_LISTS',
    'WAIT_IS_OVER',
    'addCost',
    'announcedObject',
    'announcedObjects',
    'charsetOf',
    'checkKey',
    'comparableSequencer',
    'costUsd',
    'costView',
    'copySource',
    'copySourceMetadata',
    'csvField',
    'dayOf',
    'deadLetterView',
    'decodeFormKey',
    'decodeListedKey',
    'encodeFormKey',
    'encodingProblem',
    'endOfDay',
    'escapeField',
    'escapeJson',
    'escapeJsonText',
    'escapeText',
    'excerpt',
    'isEncodingWarning',
    'failedFiles',
    'isFailure',
    'isFromAnotherOrigin',
    'isLoopback',
    'isText',
    'isTextKey',
    'kindOfBytes',
    'mayBeSuperseded',
    'messagesIn',
    'metadataOfCopy',
    'namesThisMachine',
    'outcomeHelp',
    'packCost',
    'pinnedVersionId',
    'plainETag',
    'reasonCodeOf',
    'reasonHelp',
    'recordMatches',
    'recordOrder',
    'recordToKeep',
    'resultView',
    'retryDelay',
    'spellingsOf',
    'stopWordsIn',
    'startOfDay',
    'supersedes',
    'textFacts',
    'textSuffixes',
    'toDeadLetter',
    'versionOrder',
    'whyNotText',
  ],
  './errors': [
    'AdapterError',
    'PORT_ERROR_CODES',
    'awsProblem',
    'isCoded',
    'isPortErrorCode',
    'sendOptions',
    'toAdapterError',
    'wholeNumber',
    'withCodedErrors',
  ],
  './clock': ['systemClock'],
  './events': ['parseAnnouncement', 's3EventFor'],
  './s3': ['Crc64Nvme', 'FAST_CHECKSUMS', 'createS3ObjectCopier', 'createS3ObjectStore'],
  './sqs': [
    'createSqsDeadLetterQueue',
    'createSqsDeadLetterSender',
    'createSqsJobQueue',
    'createSqsJobSender',
    'createSqsResultPublisher',
  ],
  './sns': ['createSnsNotifier'],
  './dynamodb': [
    'createDynamoDigestOutbox',
    'createDynamoIntakeSwitch',
    'createDynamoResultStore',
    'createTableInput',
  ],
  './memory': [
    'createManualClock',
    'createMemoryDeadLetterQueue',
    'createMemoryDeadLetterSender',
    'createMemoryDigestOutbox',
    'createMemoryIntakeSwitch',
    'createMemoryJobQueue',
    'createMemoryJobSender',
    'createMemoryNotifier',
    'createMemoryObjectStore',
    'createMemoryQueue',
    'createMemoryResultPublisher',
    'createMemoryResultStore',
  ],
  './testing': [
    'HOSTILE_KEYS',
    'HOSTILE_WORDS',
    'clockContract',
    'digestOutboxContract',
    'intakeSwitchContract',
    'jobQueueContract',
    'notifierContract',
    'objectStoreContract',
    'readAll',
    'resultIndexContract',
    'resultPublisherContract',
    'resultStoreContract',
    'sampleNotification',
    'sampleResult',
  ],
  './local': [
    'DEFAULT_PIPELINE_NAMES',
    'EmbeddedAwsError',
    'createEmbeddedClients',
    'provisionPipeline',
    'startEmbeddedAws',
    'startS3EventBridge',
  ],
};

/** What each subpath loads from outside, at run time. Importing one must never load another's client. */
const LOADS: Record<string, string[]> = {
  './ports': [],
  './rules': [],
  './errors': [],
  './clock': ['node:perf_hooks'],
  './events': ['valibot'],
  './s3': ['@aws-sdk/client-s3', '@aws-sdk/lib-storage', 'node:events', 'node:stream'],
  './sqs': ['@aws-sdk/client-sqs'],
  './sns': ['@aws-sdk/client-sns'],
  './dynamodb': [
    '@aws-sdk/client-dynamodb',
    '@aws-sdk/lib-dynamodb',
    '@aws-sdk/util-dynamodb',
    'node:crypto',
    'node:zlib',
  ],
  './memory': ['node:crypto', 'node:timers/promises'],
  './testing': ['node:assert/strict'],
};

const IMPORT = /^(?:import|export)\s+(?!type\b)(?:[^;'"]*?\sfrom\s+)?['"]([^'"]+)['"]/gm;

/** Follows imports from a file: answers what is loaded from outside the package. */
function loadedBy(file: string, seen: Set<string> = new Set()): Set<string> {
  const outside = new Set<string>();
  if (seen.has(file)) return outside;
  seen.add(file);
  for (const [, specifier = ''] of readFileSync(file, 'utf8').matchAll(IMPORT)) {
    if (!specifier.startsWith('.')) {
      outside.add(specifier);
      continue;
    }
    const next = join(dirname(file), specifier);
    if (!existsSync(next)) throw new Error(`${file} imports ${specifier}, which is not there.`);
    for (const found of loadedBy(next, seen)) outside.add(found);
  }
  return outside;
}

const source = (subpath: string): string => join(root, manifest.exports[subpath]?.['@org/source'] ?? '');

describe('public contract', () => {
  it('has exactly the documented subpaths', () => {
    expect(Object.keys(manifest.exports).sort()).toEqual([...Object.keys(EXPORTS), './package.json'].sort());
  });

  it.each(Object.keys(EXPORTS))('exports the documented names from %s', async (subpath) => {
    const module = (await import(/* @vite-ignore */ source(subpath))) as object;
    expect(Object.keys(module).sort()).toEqual([...(EXPORTS[subpath] ?? [])].sort());
  });

  it.each(Object.keys(LOADS))('loads nothing but its own client from %s', (subpath) => {
    expect([...loadedBy(source(subpath))].sort()).toEqual(LOADS[subpath]);
  });

  it('walks imports that go wrong: the local stack does load every client', () => {
    const clients = [...loadedBy(source('./local'))].filter((name) => name.startsWith('@aws-sdk/client-'));
    expect(clients.sort()).toEqual([
      '@aws-sdk/client-dynamodb',
      '@aws-sdk/client-s3',
      '@aws-sdk/client-sns',
      '@aws-sdk/client-sqs',
    ]);
  });
});
