/**
 * The two functions of a test runner that a contract suite needs. `vitest`, `jest`, `mocha` and `node:test`
 * all have them; assertions are Node's own.
 */
export interface TestApi {
  /** Groups tests. */
  describe(name: string, define: () => void): void;
  /** Defines a test. */
  it(name: string, run: () => Promise<void>): void;
}

/** Makes a fresh fixture for one test. */
export type Setup<Fixture> = () => Fixture | Promise<Fixture>;

/** What every fixture may have. */
export interface Disposable {
  /** Called after the test, whether it passed or not. */
  dispose?(): void | Promise<void>;
}

/** Binds a suite's tests to their fixture: each has its own, so their order does not matter. */
export function testsWith<Fixture extends Disposable>(
  api: TestApi,
  setup: Setup<Fixture>,
): (name: string, run: (fixture: Fixture) => Promise<void>) => void {
  return (name, run) =>
    api.it(name, async () => {
      const fixture = await setup();
      try {
        await run(fixture);
      } finally {
        await fixture.dispose?.();
      }
    });
}
