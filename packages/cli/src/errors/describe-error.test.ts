import { describe, expect, it } from 'vitest';
import { CliError, EXIT_CODES } from './cli-error.ts';
import { describeError } from './describe-error.ts';

describe(describeError, () => {
  it('shows a sentence and a hint, no stack trace', () => {
    const error = new CliError('port 4000 is taken', {
      exitCode: EXIT_CODES.environment,
      hint: 'Use --port.',
    });
    expect(describeError(error, { debug: false })).toEqual({
      lines: ['wordfreq: port 4000 is taken', '  Use --port.'],
      exitCode: 3,
    });
  });

  it('recognises coded errors of other packages by their code', () => {
    const error = Object.assign(new Error('no bucket named b'), { code: 'not-found' });
    expect(describeError(error, { debug: false })).toEqual({
      lines: ['wordfreq: no bucket named b'],
      exitCode: EXIT_CODES.environment,
    });
  });

  it('calls anything else a fault and says how to see more', () => {
    const report = describeError(new TypeError('x is not a function'), { debug: false });
    expect(report.exitCode).toBe(EXIT_CODES.fault);
    expect(report.lines).toEqual([
      'wordfreq: unexpected fault: x is not a function',
      '  Run again with --debug to see where.',
    ]);
  });

  it('shows the stack with --debug', () => {
    const report = describeError(new TypeError('x'), { debug: true });
    expect(report.lines.at(-1)).toContain('describe-error.test.ts');
  });

  it('survives things that are no errors', () => {
    expect(describeError('thrown text', { debug: true }).lines[0]).toContain('thrown text');
  });
});

describe('exit codes', () => {
  it('are a public contract', () => {
    expect(EXIT_CODES).toEqual({ ok: 0, failed: 1, usage: 2, environment: 3, fault: 70 });
  });
});
