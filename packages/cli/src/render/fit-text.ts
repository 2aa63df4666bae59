import { textWidth } from './text-width.ts';

/** Shortens text to a number of terminal columns, counting CJK and emoji as the two columns that they take. */
export function fitText(text: string, columns: number): string {
  if (textWidth(text) <= columns) return text;
  let kept = '';
  let width = 0;
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    width += textWidth(segment);
    if (width > columns - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}

/** Fills text with spaces up to a number of terminal columns, or shortens it to that. */
export function padText(text: string, columns: number): string {
  const fitted = fitText(text, columns);
  return fitted + ' '.repeat(Math.max(0, columns - textWidth(fitted)));
}

/** Breaks items into lines of at most `columns`; an item is never broken. */
export function wrapItems(items: readonly string[], columns: number, separator = '  '): string[] {
  const lines: string[] = [];
  for (const item of items) {
    const last = lines.at(-1);
    const joined = last === undefined ? item : last + separator + item;
    if (last === undefined || textWidth(joined) > columns) lines.push(fitText(item, columns));
    else lines[lines.length - 1] = joined;
  }
  return lines;
}
