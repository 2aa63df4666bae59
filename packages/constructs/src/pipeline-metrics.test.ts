import { Duration } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { describe, expect, it } from 'vitest';
import { synthesize } from '../test/support/synthesize.ts';
import { WordFreqPipeline, WorkerImage } from './index.ts';

const image = WorkerImage.fromRegistry('public.ecr.aws/acme/worker:1');

describe('the metrics of a pipeline', () => {
  it('can be used in alarms of your own', () => {
    const { template } = synthesize((stack) => {
      const { metrics } = new WordFreqPipeline(stack, 'WordFreq', { image, upload: { code: 'inline' } });
      for (const [name, metric] of Object.entries(metrics)) {
        new Alarm(stack, `My${name}`, { metric, threshold: 12_345, evaluationPeriods: 1 });
      }
      expect(Object.keys(metrics)).toHaveLength(10);
    });
    template.resourcePropertiesCountIs('AWS::CloudWatch::Alarm', { Threshold: 12_345 }, 10);
  });

  it('include the alarm for late jobs after maxJobAge', () => {
    const { template } = synthesize((stack) => {
      new WordFreqPipeline(stack, 'WordFreq', {
        image,
        upload: { code: 'inline' },
        maxJobAge: Duration.minutes(10),
      });
    });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'ApproximateAgeOfOldestMessage',
      Threshold: 600,
      AlarmDescription: Match.stringLikeRegexp('more than 600 seconds'),
    });
  });
});
