import { describe, expect, it } from 'vitest';
import { CliError, describeError, EXIT_CODES, errorJson, errorLines } from './errors.ts';

describe(describeError, () => {
  it('has a sentence and a hint, and no stack trace', () => {
    const error = new CliError('port 4000 is taken', {
      exitCode: EXIT_CODES.environment,
      hint: 'Use --port.',
      code: 'port-taken',
    });
    expect(describeError(error, { debug: false })).toEqual({
      code: 'port-taken',
      message: 'port 4000 is taken',
      hint: 'Use --port.',
      exitCode: 3,
    });
  });

  it('recognises coded errors of other packages by their code', () => {
    const error = Object.assign(new Error('no bucket named b'), { code: 'not-found' });
    expect(describeError(error, { debug: false })).toEqual({
      code: 'not-found',
      message: 'no bucket named b',
      exitCode: EXIT_CODES.environment,
    });
  });

  it('calls anything else a fault and says how to see more', () => {
    expect(describeError(new TypeError('x is not a function'), { debug: false })).toEqual({
      code: 'fault',
      message: 'unexpected fault: x is not a function',
      hint: 'Run again with --debug to see where.',
      exitCode: EXIT_CODES.fault,
    });
  });

  it('has the stack with --debug', () => {
    expect(describeError(new TypeError('x'), { debug: true }).stack).toContain('errors.test.ts');
  });

  it('survives things that are no errors', () => {
    expect(describeError('thrown text', { debug: true }).message).toContain('thrown text');
  });
});

describe(errorLines, () => {
  it('makes hostile names in messages harmless', () => {
    const report = { code: 'x', message: 'no file a\u001b[31m\u202eb', hint: 'Look.', exitCode: 3 };
    expect(errorLines(report)).toEqual(['wordfreq: no file a‹U+001B›[31m‹U+202E›b', '  Look.']);
  });
});

describe(errorJson, () => {
  it('is one line', () => {
    const json = errorJson({ code: 'x', message: 'a\nb', exitCode: 3 });
    expect(json).toBe('{"error":{"code":"x","message":"a\\nb","exitCode":3}}');
  });
});

describe('exit codes', () => {
  it('are a public contract', () => {
    expect(EXIT_CODES).toEqual({
      ok: 0,
      failed: 1,
      usage: 2,
      environment: 3,
      fault: 70,
      interrupted: 130,
      terminated: 143,
    });
  });
});
