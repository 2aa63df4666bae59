import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
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
    expect(descriptions.filter((text) => !/^Why: .+\. What to do: .+\.$/.test(text))).toEqual([]);
  });

  it('notifies people of each alarm except the one that only starts a task', () => {
    const untold = [...resources].filter(
      ([, { Type, Properties }]) =>
        Type === 'AWS::CloudWatch::Alarm' &&
        !JSON.stringify(Properties?.['AlarmActions']).includes('AlarmTopic'),
    );
    expect(untold.map(([id]) => id)).toEqual([expect.stringContaining('WakeUp')]);
  });
});
