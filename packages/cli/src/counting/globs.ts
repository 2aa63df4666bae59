import ignore from 'ignore';

/** Decides about a path below a folder; undefined where no glob says anything. */
export type Globs = (path: string, isFolder: boolean) => 'kept' | 'skipped' | undefined;

/**
 * The globs of `--glob`, in the syntax of gitignore with alternatives in braces: what matches is counted,
 * whatever else says; with `!` in front it is not. The last that matches decides. Once there is a glob
 * without `!`, files that match none are skipped.
 */
export function globsOf(globs: readonly string[]): Globs {
  if (globs.length === 0) return () => undefined;
  const patterns = ignore({ ignorecase: false }).add(globs.flatMap(withoutBraces));
  const keepsOnly = globs.some((glob) => !glob.startsWith('!'));
  return (path, isFolder) => {
    const { ignored, unignored } = patterns.test(isFolder ? `${path}/` : path);
    if (ignored) return 'kept';
    if (unignored) return 'skipped';
    return keepsOnly && !isFolder ? 'skipped' : undefined;
  };
}

/** `*.{txt,md}` as `*.txt` and `*.md`. */
function withoutBraces(glob: string): readonly string[] {
  const [braces, inside = ''] = /\{([^{}]*)\}/.exec(glob) ?? [];
  if (braces === undefined) return [glob];
  return inside.split(',').flatMap((part) => withoutBraces(glob.replace(braces, () => part)));
}
