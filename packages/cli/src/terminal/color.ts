/** What decides about colour. */
export interface ColorFacts {
  /** Without `--no-color`. */
  readonly wanted: boolean;
  /** Whether output goes to a screen. */
  readonly isScreen: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * Whether to print in colour. The first that applies decides: `--no-color`; `FORCE_COLOR`, which wins over
 * `NO_COLOR` as in Node, and of which `0` and `false` mean no colour; `NO_COLOR`; a terminal that is `dumb`;
 * else screens have colour, and pipes and files have none. An empty variable counts as unset (no-color.org,
 * force-color.org).
 */
export function hasColor({ wanted, isScreen, environment }: ColorFacts): boolean {
  if (!wanted) return false;
  const forced = environment['FORCE_COLOR'] ?? '';
  if (forced !== '') return forced !== '0' && forced !== 'false';
  if ((environment['NO_COLOR'] ?? '') !== '') return false;
  return isScreen && environment['TERM'] !== 'dumb';
}
