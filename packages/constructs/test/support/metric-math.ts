/**
 * The part of CloudWatch's metric math that scaling uses, as AWS documents it ("Using math expressions with
 * CloudWatch metrics"):
 *
 * - arithmetic takes a missing value for 0, and drops a point whose computation would divide by zero;
 * - comparisons and logical operators take the missing side for 0 where only the other one has a value;
 * - with a scalar on one side, a result has points where the series has some;
 * - `IF` drops a point whose condition is missing, and takes a missing value of its second argument for 0;
 * - `FILL` fills gaps, `TIME_SERIES` has a value everywhere.
 */

/** Values by time; what is absent is missing. */
export type Series = ReadonlyMap<number, number>;
type Value = number | Series;

/** The data that an expression is evaluated over. */
export interface Metrics {
  /** The times, oldest first. */
  readonly times: readonly number[];
  readonly series: Readonly<Record<string, Series>>;
}

/**
 * Evaluates an expression.
 *
 * @throws Error for a function or a metric that is not known
 */
export function evaluate(expression: string, metrics: Metrics): Series {
  const tokens = expression.match(/\d+(?:\.\d+)?|\w+|[<>=!]=|&&|\|\||[-+*/^<>(),]/g) ?? [];
  const parser = new Parser(tokens, metrics);
  const value = parser.parse();
  if (typeof value === 'number')
    throw new Error(`Expected a time series from "${expression}", got a number.`);
  return value;
}

type Operation = (a: number, b: number) => number;
const truth = (holds: boolean): number => Number(holds);

/** Binary operators by precedence, weakest first. */
const OPERATORS: readonly Readonly<Record<string, Operation>>[] = [
  { OR: (a, b) => truth(a !== 0 || b !== 0), '||': (a, b) => truth(a !== 0 || b !== 0) },
  { AND: (a, b) => truth(a !== 0 && b !== 0), '&&': (a, b) => truth(a !== 0 && b !== 0) },
  {
    '<': (a, b) => truth(a < b),
    '>': (a, b) => truth(a > b),
    '<=': (a, b) => truth(a <= b),
    '>=': (a, b) => truth(a >= b),
    '==': (a, b) => truth(a === b),
    '!=': (a, b) => truth(a !== b),
  },
  { '+': (a, b) => a + b, '-': (a, b) => a - b },
  { '*': (a, b) => a * b, '/': (a, b) => (b === 0 ? Number.NaN : a / b) },
  { '^': (a, b) => a ** b },
];

class Parser {
  readonly #tokens: readonly string[];
  readonly #metrics: Metrics;
  #at = 0;

  constructor(tokens: readonly string[], metrics: Metrics) {
    this.#tokens = tokens;
    this.#metrics = metrics;
  }

  parse(): Value {
    const value = this.#binary(0);
    if (this.#at < this.#tokens.length) throw new Error(`Expected an end, got "${this.#tokens[this.#at]}".`);
    return value;
  }

  #binary(level: number): Value {
    const operators = OPERATORS[level];
    if (operators === undefined) return this.#unary();
    let left = this.#binary(level + 1);
    for (;;) {
      const operation = operators[this.#tokens[this.#at] ?? ''];
      if (operation === undefined) return left;
      this.#at += 1;
      left = combine(left, this.#binary(level + 1), operation);
    }
  }

  #unary(): Value {
    if (!this.#take('-')) return this.#primary();
    return combine(0, this.#unary(), (a, b) => a - b);
  }

  #primary(): Value {
    const token = this.#next();
    if (token === '(') {
      const value = this.#binary(0);
      this.#expect(')');
      return value;
    }
    if (/^\d/.test(token)) return Number(token);
    if (this.#take('(')) return this.#call(token);
    const series = this.#metrics.series[token];
    if (series === undefined) throw new Error(`Expected a metric, got "${token}".`);
    return series;
  }

  #call(name: string): Value {
    if (name === 'FILL') {
      const series = this.#binary(0);
      this.#expect(',');
      const filler = this.#take('REPEAT') ? 'REPEAT' : this.#binary(0);
      this.#expect(')');
      return fill(asSeries(series, this.#metrics.times), filler, this.#metrics.times);
    }
    const values = [this.#binary(0)];
    while (this.#take(',')) values.push(this.#binary(0));
    this.#expect(')');
    const [first = 0, second = 0, third] = values;
    if (name === 'TIME_SERIES') return asSeries(first, this.#metrics.times);
    if (name === 'IF') return choose(asSeries(first, this.#metrics.times), second, third);
    throw new Error(`Expected IF, FILL or TIME_SERIES, got "${name}".`);
  }

  #next(): string {
    const token = this.#tokens[this.#at];
    if (token === undefined) throw new Error('Expected more of the expression.');
    this.#at += 1;
    return token;
  }

  #take(token: string): boolean {
    if (this.#tokens[this.#at] !== token) return false;
    this.#at += 1;
    return true;
  }

  #expect(token: string): void {
    if (!this.#take(token)) throw new Error(`Expected "${token}", got "${this.#tokens[this.#at]}".`);
  }
}

function combine(left: Value, right: Value, operation: Operation): Value {
  if (typeof left === 'number' && typeof right === 'number') return operation(left, right);
  const times = new Set([left, right].flatMap((side) => (typeof side === 'number' ? [] : [...side.keys()])));
  const at = (side: Value, time: number): number => (typeof side === 'number' ? side : (side.get(time) ?? 0));
  const points = [...times].map((time): [number, number] => [
    time,
    operation(at(left, time), at(right, time)),
  ]);
  return new Map(points.filter(([, value]) => Number.isFinite(value)));
}

function asSeries(value: Value, times: readonly number[]): Series {
  return typeof value === 'number' ? new Map(times.map((time) => [time, value])) : value;
}

function choose(condition: Series, yes: Value, no: Value | undefined): Series {
  const points = [...condition].flatMap(([time, holds]): [number, number][] => {
    if (holds !== 0) return [[time, typeof yes === 'number' ? yes : (yes.get(time) ?? 0)]];
    const value = typeof no === 'object' ? no.get(time) : no;
    return value === undefined ? [] : [[time, value]];
  });
  return new Map(points);
}

/** AWS does not document FILL of a series without any value; here it stays empty. */
function fill(series: Series, filler: Value | 'REPEAT', times: readonly number[]): Series {
  if (series.size === 0) return series;
  const filled = new Map<number, number>();
  let last: number | undefined;
  for (const time of times) {
    last = series.get(time) ?? last;
    const fallback = filler === 'REPEAT' ? last : typeof filler === 'number' ? filler : filler.get(time);
    const value = series.get(time) ?? fallback;
    if (value !== undefined) filled.set(time, value);
  }
  return filled;
}
