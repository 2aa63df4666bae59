import type { Dirent } from 'node:fs';
import { resolve, sep } from 'node:path';
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
import { enterFolder, type Globs, globsOf, isIgnored, type Scope, scopeAbove } from './ignore-rules.ts';

/** A file of a folder. */
export interface FolderFile {
  readonly path: Path;
  readonly name: string;
  readonly sizeBytes: number;
}

/** The files of a folder. */
export interface FolderFiles {
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
