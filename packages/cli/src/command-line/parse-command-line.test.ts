import { describe, expect, it } from 'vitest';
import { type Command, type CommandRow, defineCommand } from './command.ts';
import { beginningOf, choice, flag, listOf, negatedFlag, short, text, texts, wholeNumber } from './option.ts';
import { parseCommandLine } from './parse-command-line.ts';

const count = defineCommand({
  arguments: [{ name: 'files', summary: 'files', variadic: true, optional: true }],
  options: {
    top: short('n', wholeNumber('number', 'how many', { min: 0, max: 100, default: 10 })),
    format: choice('name', 'how', ['table', 'json', 'ndjson', 'csv']),
    perFile: flag('each'),
    output: short('o', text('file', 'where to')),
    backups: negatedFlag('none'),
    stopWords: texts('list', 'without'),
    reasons: listOf('codes', 'only', ['x', 'y', 'z']),
    outcome: beginningOf('outcome', 'only', ['counted', 'failed:x']),
  },
  examples: [],
  run: async () => 0,
});
const show = defineCommand({
  arguments: [{ name: 'shell', summary: 'which', choices: ['bash', 'zsh'] }],
  examples: [],
  run: async () => 0,
});

const row = (name: string, command: Command): CommandRow => ({
  name,
  summary: name,
  load: async () => command,
});
const ROWS: readonly CommandRow[] = [
  row('count', count),
  row('dlq', defineCommand({ examples: [], commands: [row('show', show)] })),
  {
    name: 'other',
    summary: 'other',
    load: () => Promise.reject(new Error('Expected only the named command to be loaded.')),
  },
];

const parse = (line: string): ReturnType<typeof parseCommandLine> =>
  parseCommandLine(line.split(' ').filter(Boolean), ROWS);

describe(parseCommandLine, () => {
  it('fills in defaults', async () => {
    expect(await parse('count')).toEqual({
      asks: 'run',
      command: count,
      args: [],
      options: {
        json: false,
        debug: false,
        color: true,
        region: undefined,
        endpointUrl: undefined,
        profile: undefined,
        top: 10,
        format: 'table',
        perFile: false,
        output: undefined,
        backups: true,
        stopWords: [],
        reasons: [],
        outcome: undefined,
      },
    });
  });

  it.each([
    ['-o out.csv', 'csv'],
    ['-o OUT.NDJSON', 'ndjson'],
    ['-o out.txt', 'table'],
    ['-o out.csv --format csv', 'csv'],
    ['-o out.ndjson --json --format ndjson', 'ndjson'],
    ['-o out --json', 'json'],
  ])('takes the format of %s from the name, unless it is given', async (line, format) => {
    expect(await parse(`count ${line}`)).toMatchObject({ options: { format } });
  });

  it('takes options before and after names and arguments, with a space or an equals sign', async () => {
    const line =
      '--json --region eu count a --top=3 b --per-file --no-backups --no-color --format json -- --c';
    expect(await parse(line)).toMatchObject({
      args: ['a', 'b', '--c'],
      options: {
        json: true,
        region: 'eu',
        top: 3,
        perFile: true,
        backups: false,
        color: false,
        format: 'json',
      },
    });
  });

  it('gathers what may be repeated', async () => {
    const { options } = (await parse(
      'count --stop-words a,b --stop-words c --reasons x,y --reasons z',
    )) as never;
    expect(options).toMatchObject({ stopWords: ['a,b', 'c'], reasons: ['x', 'y', 'z'] });
  });

  it('knows letters, one by one, together, and with their values', async () => {
    for (const line of ['count -n 3 -j a', 'count -jn3 a', '-j count -n3 a']) {
      expect(await parse(line)).toMatchObject({ args: ['a'], options: { top: 3, json: true } });
    }
    expect(await parse('-j count a')).toMatchObject({ args: ['a'], options: { json: true } });
  });

  it('takes --json for the format, beside ndjson for that of errors', async () => {
    expect(await parse('count --json')).toMatchObject({ options: { format: 'json' } });
    expect(await parse('count --json --format ndjson')).toMatchObject({ options: { format: 'ndjson' } });
  });

  it('takes the beginning of an outcome', async () => {
    expect(await parse('count --outcome failed')).toMatchObject({ options: { outcome: 'failed' } });
  });

  it('takes a dash for an argument', async () => {
    expect(await parse('count - a')).toMatchObject({ args: ['-', 'a'] });
  });

  it('knows commands below commands, also after a common option with a value', async () => {
    expect(await parse('dlq --profile p show bash')).toMatchObject({
      command: show,
      args: ['bash'],
      options: { profile: 'p' },
    });
  });

  it.each([
    ['', undefined],
    ['--json', undefined],
    ['dlq', 'dlq'],
    ['--help', undefined],
    ['help', undefined],
    ['help dlq show', 'dlq show'],
    ['dlq --help', 'dlq'],
    ['count a --top 3 -h', 'count'],
  ])('“%s” asks for help about %s', async (line, path) => {
    const parsed = await parse(line);
    expect(parsed).toMatchObject({ asks: 'help' });
    expect(parsed.asks === 'help' ? parsed.about?.path : 'nothing').toBe(path);
  });

  it.each(['-V', '--version', 'count --version', 'count a -V', 'dlq show --version'])(
    '“%s” asks for the version',
    async (line) => {
      expect(await parse(line)).toEqual({ asks: 'version' });
    },
  );

  it.each([
    ['cuont', 'usage-unknown-command', 'unknown command cuont; did you mean count?'],
    ['xyzzy', 'usage-unknown-command', 'unknown command xyzzy'],
    ['help xyzzy', 'usage-unknown-command', 'unknown command xyzzy'],
    ['dlq shwo --help', 'usage-unknown-command', 'unknown command shwo below dlq; did you mean show?'],
    ['dlq shwo', 'usage-unknown-command', 'unknown command shwo below dlq; did you mean show?'],
    ['count --tpo 3', 'usage-unknown-option', 'unknown option --tpo; did you mean --top?'],
    ['count -x', 'usage-unknown-option', 'unknown option -x'],
    ['count --top', 'usage-missing-value', 'option --top needs a value'],
    ['count --top --json', 'usage-missing-value', 'option --top needs a value'],
    ['count --per-file=1', 'usage-invalid-value', 'option --per-file takes no value'],
    ['count --top x', 'usage-invalid-value', '--top x: expected a whole number from 0 to 100'],
    ['count --format xml', 'usage-invalid-value', '--format xml: expected table, json, ndjson, csv'],
    ['count -n', 'usage-missing-value', 'option --top needs a value'],
    ['count -n x', 'usage-invalid-value', '--top x: expected a whole number from 0 to 100'],
    ['count --reasons x,w', 'usage-invalid-value', '--reasons x,w: expected x, y, z'],
    ['count --outcome fialed', 'usage-invalid-value', '--outcome fialed: expected counted, failed:x'],
    [
      'count --format json --output a.csv',
      'usage-contradiction',
      '--format json and --output a.csv contradict each other',
    ],
    [
      'count --json --output a.csv',
      'usage-contradiction',
      '--format json and --output a.csv contradict each other',
    ],
    ['count -j --format csv', 'usage-contradiction', '--json and --format csv contradict each other'],
    ['dlq show', 'usage-missing-argument', 'dlq show needs the argument shell'],
    ['dlq show csh', 'usage-invalid-value', 'expected bash, zsh as shell, got csh'],
    ['dlq show bash b', 'usage-too-many-arguments', 'dlq show takes at most 1, got 2: bash b'],
  ])('refuses “%s” with %s', async (line, code, message) => {
    await expect(parse(line)).rejects.toMatchObject({ code, message, exitCode: 2, hint: expect.any(String) });
  });

  it.each([
    ['--top', '--top=-5'],
    ['-n', '-n-5'],
  ])('says how %s takes a value that begins with a dash, and takes it so', async (flag, together) => {
    const hint = `Write a value that begins with a dash as ${together.replace('5', 'value')}.`;
    await expect(parse(`count ${flag} -5`)).rejects.toMatchObject({ hint });
    await expect(parse(`count ${together}`)).rejects.toMatchObject({
      message: '--top -5: expected a whole number from 0 to 100',
    });
  });
});
