// What every part of the page is made of. Everything from outside becomes text, never markup.
import { escapeText } from './escape-text.js';

export { escapeText };

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

/**
 * A name or word from outside, kept apart from the direction of the text around it.
 *
 * @param {string} text
 */
export function outside(text) {
  return make('bdi', escapeText(text), 'outside');
}

/**
 * Sets a text only if it differs, because a live region announces every change.
 *
 * @param {string} id
 * @param {string} text
 */
export function say(id, text) {
  const element = byId(id);
  if (element.textContent !== text) element.textContent = text;
}

/**
 * @param {string} text
 * @param {() => void} act
 * @param {string} [label] what a screen reader says instead
 */
export function makeButton(text, act, label) {
  const button = /** @type {HTMLButtonElement} */ (make('button', text));
  button.type = 'button';
  if (label !== undefined) button.setAttribute('aria-label', label);
  button.addEventListener('click', act);
  return button;
}

/**
 * @param {string} text
 * @param {string} href
 */
export function makeLink(text, href) {
  const link = document.createElement('a');
  link.href = href;
  link.textContent = text;
  return link;
}

/**
 * Makes a list's elements follow its items, by key. What stays is not touched, so that it keeps focus,
 * selection and opened details. If the element with the focus is removed, the focus moves to the one in its
 * place, or to `home` when nothing is left.
 *
 * @template T
 * @param {HTMLElement} list
 * @param {{ keyOf: (item: T) => string, create: (item: T) => HTMLElement, home: HTMLElement }} how
 * @returns {(items: readonly T[]) => void}
 */
export function keyedList(list, { keyOf, create, home }) {
  /** @type {Map<string, HTMLElement>} */
  let shown = new Map();
  return (items) => {
    /** @type {Map<string, HTMLElement>} */
    const next = new Map();
    for (const item of items) {
      const key = keyOf(item);
      next.set(key, shown.get(key) ?? create(item));
    }
    const focused = /** @type {HTMLElement | null} */ (document.activeElement);
    const focusedAt = [...list.children].findIndex((element) => element.contains(focused));
    for (const [key, element] of shown) if (!next.has(key)) element.remove();
    shown = next;
    let place = list.firstElementChild;
    for (const element of next.values()) {
      if (element === place) place = place.nextElementSibling;
      else list.insertBefore(element, place);
    }
    // An element that is moved loses the focus, too.
    if (focusedAt >= 0 && list.contains(focused)) focused?.focus({ preventScroll: true });
    if (focusedAt >= 0 && !list.contains(document.activeElement)) {
      const heir = list.children[Math.min(focusedAt, list.children.length - 1)];
      const target = /** @type {HTMLElement | null | undefined} */ (heir?.querySelector('button, summary'));
      (target ?? home).focus();
    }
  };
}

const { can = '', maxUploadBytes = '0' } = document.body.dataset;

/**
 * Whether the viewer may see or do this.
 *
 * @param {'upload' | 'redrive' | 'purge' | 'pause' | 'notifications'} what
 */
export const may = (what) => can.split(' ').includes(what);

/** How large a file may be. */
export const MAX_UPLOAD_BYTES = Number(maxUploadBytes);
