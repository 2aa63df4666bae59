import { describe, expect, it } from 'vitest';
import { type ConfigError, readConfig } from './config.ts';

const COMPLETE = {
  JOBS_QUEUE_URL: 'http://127.0.0.1:4566/000000000000/jobs',
  DEAD_LETTER_QUEUE_URL: 'http://127.0.0.1:4566/000000000000/dead',
  RESULTS_QUEUE_URL: 'http://127.0.0.1:4566/000000000000/results',
  RESULTS_TOPIC_ARN: 'arn:aws:sns:us-east-1:000000000000:results',
  FAILURES_TOPIC_ARN: 'arn:aws:sns:us-east-1:000000000000:failures',
  RESULTS_TABLE: 'wordfreq-results',
  PROCESSING_BUCKET: 'one, two',
};

function problemsOf(environment: Record<string, string | undefined>): readonly string[] {
  try {
    readConfig(environment);
    return [];
  } catch (error) {
    return (error as ConfigError).problems;
  }
}

describe(readConfig, () => {
  it('takes how words are folded, and an encoding', () => {
    const given = {
      FOLD: 'loose',
      CASE_LOCALE: 'tr',
      ENCODING: 'latin1',
      CJK: 'character',
      WORDS_FILE: '/w.txt',
    };
    expect(readConfig({ ...COMPLETE, ...given })).toMatchObject(given);
    expect(problemsOf({ ...COMPLETE, ENCODING: 'latin-eleventy', CASE_LOCALE: 'en' })).toEqual([
      'CASE_LOCALE: expected one of tr, az, lt; got "en".',
      'ENCODING: expected an encoding, such as windows-1252; got "latin-eleventy".',
    ]);
    expect(problemsOf({ ...COMPLETE, TOKENIZER: 'whitespace', FOLD: 'loose' })).toEqual([
      'FOLD, CASE_LOCALE, CJK, WORDS_FILE and DEHYPHENATE: expected none of them unless TOKENIZER is unicode, got TOKENIZER "whitespace".',
    ]);
    for (const own of [{ CJK: 'character' }, { WORDS_FILE: '/w.txt' }, { DEHYPHENATE: 'true' }]) {
      expect(problemsOf({ ...COMPLETE, TOKENIZER: 'whitespace', ...own })).toHaveLength(1);
    }
    expect(problemsOf({ ...COMPLETE, TOKENIZER: 'whitespace', FOLD: 'none' })).toEqual([]);
  });

  it('fills in the documented defaults', () => {
    expect(readConfig(COMPLETE)).toEqual({
      ...COMPLETE,
      PROCESSING_BUCKET: ['one', 'two'],
      TOKENIZER: 'unicode',
      NORMALIZE: 'none',
      CJK: 'word',
      DEHYPHENATE: 'false',
      TOP_WORDS: 100,
      MAX_DISTINCT_WORDS: 3_000_000,
      KEY_PREFIX: '',
      KEY_SUFFIX: '.txt',
      MAX_OBJECT_BYTES: 10_000_000_000,
      CONCURRENCY: 32,
      PREFETCH: 10,
      COUNTING_THREADS: 1,
      VISIBILITY_SECONDS: 60,
      NOTIFY: 'failures',
      DIGEST_MINUTES: 60,
      STOP_TIMEOUT_SECONDS: 30,
      UNHEALTHY_AFTER_MINUTES: 30,
      HOST: '127.0.0.1',
      PAGE: 'false',
      PAGE_ACTIONS: 'false',
      LOG_LEVEL: 'info',
      S3_FORCE_PATH_STYLE: 'false',
      TASK_PROTECTION: 'true',
    });
  });

  it('takes an empty suffix for every key, as the copy Lambda does', () => {
    expect(readConfig({ ...COMPLETE, KEY_SUFFIX: '' }).KEY_SUFFIX).toBe('');
  });

  it('names every missing variable at once, with an example', () => {
    const problems = problemsOf({});
    expect(problems).toHaveLength(7);
    expect(problems[0]).toMatch(/^JOBS_QUEUE_URL is missing, such as https:\/\/sqs\./);
  });

  it('says what was expected and what came', () => {
    expect(
      problemsOf({ ...COMPLETE, CONCURRENCY: '0', TOKENIZER: 'words', RESULTS_TOPIC_ARN: 'results' }),
    ).toEqual([
      'RESULTS_TOPIC_ARN: expected the ARN of an SNS topic, such as arn:aws:sns:eu-central-1:123456789012:wordfreq-results; got "results".',
      'TOKENIZER: expected one of unicode, whitespace, aws-go-wordfreq-sample; got "words".',
      'CONCURRENCY: expected at least 1; got "0".',
    ]);
  });

  it.each(['127.0.0.1', 'localhost', '::1'])('lets the page redrive on %s', (HOST) => {
    expect(problemsOf({ ...COMPLETE, HOST, PAGE_ACTIONS: 'true' })).toEqual([]);
  });

  it('lets the page redrive elsewhere only behind a load balancer that asks who people are', () => {
    const open = { ...COMPLETE, HOST: '0.0.0.0', PAGE_ACTIONS: 'true' };
    const arn = 'arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/words/0123';
    expect(problemsOf(open)).toEqual([expect.stringMatching(/^PAGE_ACTIONS: .*; got HOST "0\.0\.0\.0"\.$/)]);
    expect(problemsOf({ ...open, PAGE_LOAD_BALANCER_ARN: arn })).toEqual([]);
    expect(problemsOf({ ...open, PAGE_LOAD_BALANCER_ARN: 'my-balancer' })).toEqual([
      'PAGE_LOAD_BALANCER_ARN: expected the ARN of an Application Load Balancer; got "my-balancer".',
    ]);
  });

  it('takes an empty variable for an absent one', () => {
    expect(readConfig({ ...COMPLETE, PORT: '', TOP_WORDS: '' })).toMatchObject({ TOP_WORDS: 100 });
  });
});
