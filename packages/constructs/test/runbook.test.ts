import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { logOutcome } from '../../worker/src/observation/log-outcome.ts';
import { WordFreqPipeline, WorkerImage } from '../src/index.ts';
import { synthesize } from './support/synthesize.ts';

const runbook = readFileSync(new URL('../docs/operations.md', import.meta.url), 'utf8');
const headings = [...runbook.matchAll(/^### (\w+)$/gm)].map(([, name]) => name);

let names: string[] = [];
const { resources } = synthesize((stack) => {
  const { alarms, workers } = new WordFreqPipeline(stack, 'WordFreq', {
    image: WorkerImage.fromRegistry('public.ecr.aws/acme/worker:1'),
    upload: { code: 'inline' },
    alarmEmail: 'team@example.com',
  });
  names = [...Object.keys(alarms), workers.scaling.wakeUpAlarm?.node.id ?? ''];
});
const alarms = [...resources.values()].filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm');

describe('the runbook', () => {
  it('has a section for each alarm, and for nothing else', () => {
    expect([...headings].sort()).toEqual([...names].sort());
    expect(alarms).toHaveLength(headings.length);
  });

  it('is summarized in each alarm: why it fires, and what to do', () => {
    const descriptions = alarms.map(({ Properties }) => String(Properties?.['AlarmDescription']));
    expect(descriptions.filter((text) => !/^Why: .+\. What to do: .+\.( https:\S+)?$/.test(text))).toEqual(
      [],
    );
  });

  it('notifies people of each alarm except the one that only starts a task', () => {
    const untold = [...resources].filter(
      ([, { Type, Properties }]) =>
        Type === 'AWS::CloudWatch::Alarm' &&
        !JSON.stringify(Properties?.['AlarmActions']).includes('AlarmTopic'),
    );
    expect(untold.map(([id]) => id)).toEqual([expect.stringContaining('WakeUp')]);
  });

  it('is linked to from each alarm that notifies somebody, section by section, in the repository of the package', () => {
    const { repository } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
    const [, home] = /^git\+(.*)\.git$/.exec(repository.url) ?? [];
    const page = `${home}/blob/main/${repository.directory}/docs/operations.md`;
    const links = alarms.flatMap(
      ({ Properties }) => String(Properties?.['AlarmDescription']).match(/https:\S+$/) ?? [],
    );
    const sections = headings
      .filter((name) => name !== 'WakeUp')
      .map((name = '') => `${page}#${name.toLowerCase()}`);
    expect(links.sort()).toEqual(sections.sort());
  });

  it('says of each alarm how urgent it is', () => {
    const [, table = ''] = /^\| alarm \|.*\n\|[-|]+\|\n((?:\|.*\n)+)/m.exec(runbook) ?? [];
    const rows = [...table.matchAll(/^\| (.*?) \|/gm)].flatMap(
      ([, cell = '']) => cell.match(/\w+(?=`)/g) ?? [],
    );
    expect(rows.sort()).toEqual([...names].sort());
  });

  it('finds parts of the stack by types and names that its template has', () => {
    const asked = [...runbook.matchAll(/part (AWS::[\w:]+) (\w+)/g)];
    expect(asked).toHaveLength(3);
    for (const [, type, name = ''] of asked) {
      const found = [...resources].filter(([id, { Type }]) => Type === type && id.includes(name));
      expect(found, `${type} ${name}`).toHaveLength(1);
    }
  });
});

/** What each log's lines have, besides what CloudWatch adds. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  worker: [...Object.keys(everyFieldOfTheWorker()), 'level', 'service', 'msg'],
  copy: fieldsIn('../../copy-lambda/src/handle-event.ts'),
  backup: fieldsIn('../lambdas/backup-event-logger.js'),
};

/** A line of the worker with all that it can have. */
function everyFieldOfTheWorker(): object {
  let line: object = {};
  const logger = { info: () => {}, warn: () => {}, error: (written: object) => (line = written) };
  const object = { bucket: 'b', key: 'k', eTag: 'e' };
  const record = {
    outcome: 'failed:not-text',
    job: { object },
    jobId: 'j',
    bytes: 1,
    words: 1,
    durationMs: 1,
    error: { code: 'not-text', message: 'm' },
  };
  logOutcome(logger as never, { id: 'm', receiveCount: 1 } as never, record as never, 1);
  return line;
}

/** Names in a source, and what Powertools and AWS Backup add ("Monitoring AWS Backup events using Amazon EventBridge"). */
function fieldsIn(source: string): string[] {
  const text = readFileSync(new URL(source, import.meta.url), 'utf8');
  return [...new Set(text.match(/\b[a-z]\w+\b/g)), 'level', 'message', 'statusMessage'];
}

describe('the queries of the runbook', () => {
  const queries = [...runbook.matchAll(/^```text (\w+)\n(.*?)^```$/gms)];
  const words = new Set([
    'fields',
    'filter',
    'sort',
    'desc',
    'stats',
    'by',
    'as',
    'not',
    'in',
    'count',
    'max',
    'pct',
    'sum',
  ]);

  it.each(queries.map(([, log = '', query = '']) => ({ log, query })))(
    'names fields that lines of the $log have: $query',
    ({ log, query }) => {
      const plain = query.replaceAll(/"[^"]*"/g, '').replaceAll(/@\w+|\bbin\(\w+\)|\bispresent\b/g, '');
      const aliases = [...plain.matchAll(/ as (\w+)/g)].map(([, name]) => name);
      const used = plain.match(/\b[a-z]\w*\b/gi) ?? [];
      const unknown = used.filter(
        (name) => !words.has(name) && !aliases.includes(name) && !FIELDS[log]?.includes(name),
      );
      expect(unknown).toEqual([]);
      expect(used.length).toBeGreaterThan(3);
    },
  );

  it('are there for each log', () => {
    expect(new Set(queries.map(([, log]) => log))).toEqual(new Set(Object.keys(FIELDS)));
  });
});
