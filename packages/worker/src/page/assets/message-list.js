import { byId, keyedList, say } from './elements.js';

/** How many messages are shown at first, and each time that more are requested. */
const STEP = 10;

/**
 * A list of messages, of which the first are shown, and more on request.
 *
 * @template {{ id: string }} T
 * @param {{ list: string, sheet: string, empty: string, more: string, home: string }} ids
 * @param {(message: T) => HTMLElement} create
 * @param {string} nothing what to say when there is none
 * @returns {(messages: readonly T[], none?: string) => void}
 */
export function messageList(ids, create, nothing) {
  const home = byId(ids.home);
  const show = keyedList(byId(ids.list), { keyOf: ({ id }) => id, create, home });
  const more = byId(ids.more);
  /** @type {readonly T[]} */
  let latest = [];
  let none = nothing;
  let wanted = STEP;

  function showSome() {
    byId(ids.empty).hidden = latest.length > 0;
    say(ids.empty, none);
    byId(ids.sheet).hidden = latest.length === 0;
    show(latest.slice(0, wanted));
    const hadFocus = more === document.activeElement;
    more.hidden = latest.length <= wanted;
    if (hadFocus && more.hidden) home.focus();
  }

  more.addEventListener('click', () => {
    wanted += 4 * STEP;
    showSome();
  });
  return (messages, otherwise = nothing) => {
    latest = messages;
    none = otherwise;
    showSome();
  };
}
