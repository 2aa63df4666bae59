import type { Dirent } from 'node:fs';
import { posix, resolve, sep } from 'node:path';
import ignore, { type Ignore } from 'ignore';
import { fs } from '../builtin-modules.ts';
import {
  type FolderOptions,
  joinPath,
  type Path,
  pathOf,
  type Skipped,
  shownPath,
  unreadable,
} from './found-texts.ts';

/** A file of a folder. */
interface FolderFile {
  readonly path: Path;
  readonly name: string;
  readonly sizeBytes: number;
}

/** The files of a folder. */
interface FolderFiles {
  /** In the order of their names. */
  readonly files: readonly FolderFile[];
  readonly skipped: Skipped;
  /** About files and folders that cannot be read. */
  readonly problems: readonly Error[];
}

/**
 * Finds the files below a folder as ripgrep does: without hidden ones, without those that ignore files name,
 * and without links, unless options ask for them. Globs decide first, then ignore files, then what is hidden.
 */
export async function filesBelow(
  folder: Path,
  options: FolderOptions,
  signal: AbortSignal,
): Promise<FolderFiles> {
  const walk = new Walk(folder, options, signal);
  await walk.enter({ path: folder, place: walk.root, outer: scopeAbove(walk.root), above: [] });
  walk.files.sort((a, b) => (a.name < b.name ? -1 : 1));
  return walk;
}

/** A folder on the way. */
interface Step {
  readonly path: Path;
  /** The absolute path, with slashes, as rules take it. */
  readonly place: string;
  readonly outer: Scope;
  /** Folders that a link must not lead back to. */
  readonly above: readonly string[];
}

class Walk implements FolderFiles {
  readonly files: FolderFile[] = [];
  readonly skipped = { hidden: 0, ignored: 0, links: 0, special: 0 };
  readonly problems: Error[] = [];
  readonly root: string;
  readonly #options: FolderOptions;
  readonly #globs: Globs;
  readonly #signal: AbortSignal;

  constructor(folder: Path, options: FolderOptions, signal: AbortSignal) {
    this.root = resolve(shownPath(folder)).split(sep).join('/');
    this.#options = options;
    this.#globs = globsOf(options.glob);
    this.#signal = signal;
  }

  async enter({ path, place, outer, above }: Step): Promise<void> {
    this.#signal.throwIfAborted();
    const entries = await this.#read(path);
    const real = fs.realpathSync(path, 'buffer').toString('latin1');
    if (above.includes(real)) return;
    const step = { path, place, outer: enterFolder(outer, place), above: [...above, real] };
    for (const entry of entries) {
      const below = joinPath(path, pathOf(entry.name));
      try {
        await this.#take(entry, below, step);
      } catch (error) {
        this.#signal.throwIfAborted();
        this.problems.push(unreadable(shownPath(below), error));
      }
    }
  }

  async #read(folder: Path): Promise<readonly Dirent<Buffer>[]> {
    try {
      return await fs.promises.readdir(folder, { withFileTypes: true, encoding: 'buffer' });
    } catch (error) {
      this.problems.push(unreadable(shownPath(folder), error));
      return [];
    }
  }

  async #take(entry: Dirent<Buffer>, path: Path, { place: parent, outer, above }: Step): Promise<void> {
    const place = `${parent === '/' ? '' : parent}/${shownPath(pathOf(entry.name))}`;
    const isLink = entry.isSymbolicLink();
    const found = isLink && this.#options.follow ? fs.statSync(path) : entry;
    if (this.#isLeftOut(place, found.isDirectory(), outer)) return;
    if (isLink && !this.#options.follow) this.skipped.links += 1;
    else if (found.isDirectory()) await this.enter({ path, place, outer, above });
    else if (found.isFile()) {
      this.files.push({ path, name: shownPath(path), sizeBytes: fs.statSync(path).size });
    } else this.skipped.special += 1;
  }

  #isLeftOut(place: string, isFolder: boolean, scope: Scope): boolean {
    const { ignore, hidden } = this.#options;
    const chosen = this.#globs(place.slice(this.root.length).replace(/^\//, ''), isFolder);
    if (chosen !== undefined) return chosen === 'skipped';
    const ignored = ignore ? isIgnored(scope, place, isFolder) : undefined;
    if (ignored === true) this.skipped.ignored += 1;
    if (ignored !== undefined) return ignored;
    const isHidden = !hidden && /\/\.[^/]*$/.test(place);
    if (isHidden) this.skipped.hidden += 1;
    return isHidden;
  }
}

/** The lines of an ignore file, for paths below its folder. */
interface Rules {
  readonly folder: string;
  readonly patterns: Ignore;
}

/** What is ignored in a folder; rules of deeper folders come first. */
interface Scope {
  /** Of `.ignore`, which wins. */
  readonly own: readonly Rules[];
  /** Of `.gitignore`, and of `.git/info/exclude`. */
  readonly git: readonly Rules[];
  readonly isRepository: boolean;
}

const NONE: Scope = { own: [], git: [], isRepository: false };

/** What is ignored in a folder by what stands in the folders above it. */
function scopeAbove(folder: string): Scope {
  const parent = posix.dirname(folder);
  return parent === folder ? NONE : enterFolder(scopeAbove(parent), parent);
}

/**
 * Reads a folder's ignore files: `.ignore` anywhere, `.gitignore` in a git repository, whose rules end at its
 * top.
 */
function enterFolder(outer: Scope, folder: string): Scope {
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
function isIgnored({ own, git }: Scope, path: string, isFolder: boolean): boolean | undefined {
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
type Globs = (path: string, isFolder: boolean) => 'kept' | 'skipped' | undefined;

/**
 * The globs of `--glob`, in the syntax of gitignore with alternatives in braces: what matches is counted,
 * whatever else says; with `!` in front it is not. The last that matches decides. Once there is a glob
 * without `!`, files that match none are skipped.
 */
function globsOf(globs: readonly string[]): Globs {
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
