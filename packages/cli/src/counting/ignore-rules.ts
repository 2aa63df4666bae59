import { posix } from 'node:path';
import ignore, { type Ignore } from 'ignore';
import { fs } from '../builtin-modules.ts';

/** The lines of an ignore file, for paths below its folder. */
interface Rules {
  readonly folder: string;
  readonly patterns: Ignore;
}

/** What is ignored in a folder; rules of deeper folders come first. */
export interface Scope {
  /** Of `.ignore`, which wins. */
  readonly own: readonly Rules[];
  /** Of `.gitignore`, and of `.git/info/exclude`. */
  readonly git: readonly Rules[];
  readonly isRepository: boolean;
}

const NONE: Scope = { own: [], git: [], isRepository: false };

/** What is ignored in a folder by what stands in the folders above it. */
export function scopeAbove(folder: string): Scope {
  const parent = posix.dirname(folder);
  return parent === folder ? NONE : enterFolder(scopeAbove(parent), parent);
}

/**
 * Reads a folder's ignore files: `.ignore` anywhere, `.gitignore` in a git repository, whose rules end at its
 * top.
 */
export function enterFolder(outer: Scope, folder: string): Scope {
  const isTop = fs.existsSync(`${folder}/.git`);
  const isRepository = isTop || outer.isRepository;
  const excluded = isTop ? rulesOf(folder, '.git/info/exclude') : outer.git;
  return {
    own: [...rulesOf(folder, '.ignore'), ...outer.own],
    git: isRepository ? [...rulesOf(folder, '.gitignore'), ...excluded] : [],
    isRepository,
  };
}

function rulesOf(folder: string, file: string): readonly Rules[] {
  try {
    const lines = fs.readFileSync(`${folder}/${file}`, 'utf8');
    return [{ folder, patterns: ignore({ ignorecase: false }).add(lines) }];
  } catch {
    return [];
  }
}

/** Whether a file or folder is ignored; undefined if no rule is about it. */
export function isIgnored({ own, git }: Scope, path: string, isFolder: boolean): boolean | undefined {
  return verdictOf(own, path, isFolder) ?? verdictOf(git, path, isFolder);
}

function verdictOf(rules: readonly Rules[], path: string, isFolder: boolean): boolean | undefined {
  for (const { folder, patterns } of rules) {
    const below = path.slice(folder.length).replace(/^\//, '');
    const { ignored, unignored } = patterns.test(isFolder ? `${below}/` : below);
    if (unignored) return false;
    // The folder itself may be ignored, and counted all the same because another rule, or its user, says so.
    if (ignored && !isAbout(patterns, posix.dirname(below))) return true;
  }
  return undefined;
}

function isAbout(patterns: Ignore, folder: string): boolean {
  return folder !== '.' && patterns.test(`${folder}/`).ignored;
}

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
