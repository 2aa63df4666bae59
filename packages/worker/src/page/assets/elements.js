// What every part of the page is made of. Everything from outside becomes text, never markup.

/** @param {string} id */
export function byId(id) {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`no element ${id}`);
  return element;
}

/**
 * @param {string} tag
 * @param {string | (string | Node)[]} [content]
 * @param {string} [className]
 */
export function make(tag, content, className) {
  const element = document.createElement(tag);
  if (content !== undefined) element.append(...(typeof content === 'string' ? [content] : content));
  if (className !== undefined) element.className = className;
  return element;
}

/** Letters that show as nothing or as a space: joiners aside, which scripts and emoji need. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029\u115f\u1160\u3164\uffa0]/gu;

/**
 * Shows control, bidirectional and other invisible characters as code points, so that a name cannot pretend to be another.
 *
 * @param {string} text
 */
export function harmless(text) {
  return text.replaceAll(INVISIBLE, (character) =>
    character === '\u200c' || character === '\u200d'
      ? character
      : `‹U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}›`,
  );
}

/**
 * A name or word from outside, kept apart from the direction of the text around it.
 *
 * @param {string} text
 */
export function outside(text) {
  return make('bdi', harmless(text), 'outside');
}

/**
 * Changes a text where it differs: a live region speaks at every change.
 *
 * @param {string} id
 * @param {string} text
 */
export function say(id, text) {
  const element = byId(id);
  if (element.textContent !== text) element.textContent = text;
}

/**
 * Makes a list's elements follow its items, by key. What stays is not touched, so that focus, selection and opened details stay.
 *
 * @template T
 * @param {HTMLElement} list
 * @param {(item: T) => string} keyOf
 * @param {(item: T) => HTMLElement} create
 * @returns {(items: readonly T[]) => void}
 */
export function keyedList(list, keyOf, create) {
  /** @type {Map<string, HTMLElement>} */
  let shown = new Map();
  return (items) => {
    /** @type {Map<string, HTMLElement>} */
    const next = new Map();
    for (const item of items) {
      const key = keyOf(item);
      next.set(key, shown.get(key) ?? create(item));
    }
    for (const [key, element] of shown) if (!next.has(key)) element.remove();
    shown = next;
    let place = list.firstElementChild;
    for (const element of next.values()) {
      if (element === place) place = place.nextElementSibling;
      else list.insertBefore(element, place);
    }
  };
}

const numbers = new Intl.NumberFormat('en-US');
const sizes = new Intl.NumberFormat('en-US', {
  notation: 'compact',
  style: 'unit',
  unit: 'byte',
  unitDisplay: 'narrow',
  maximumFractionDigits: 1,
});
const times = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });
const days = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });

/** @param {number} number */
export const whole = (number) => numbers.format(number);

/** @param {number} bytes */
export const size = (bytes) =>
  sizes
    .format(bytes)
    .replace('BB', 'GB')
    .replace(/(?<=\d)(?=[A-Z])/, ' ');

/**
 * @param {number} count
 * @param {string} one
 */
export const several = (count, one) => `${whole(count)} ${one}${count === 1 ? '' : 's'}`;

/** @param {number} seconds */
export function duration(seconds) {
  if (seconds < 0.9995) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 120) return `${seconds.toFixed(2)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} h`;
  return `${whole(Math.round(seconds / 86_400))} days`;
}

/**
 * The time of a moment, with its day unless that is today.
 *
 * @param {string} iso
 */
export function moment(iso) {
  const date = new Date(iso);
  const today = date.toDateString() === new Date().toDateString();
  const element = document.createElement('time');
  element.dateTime = iso;
  element.textContent = (today ? times : days).format(date);
  return element;
}
