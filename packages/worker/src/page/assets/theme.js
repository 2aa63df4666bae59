// Light or dark: as the device says, or as somebody chose here, which this browser remembers.
import { byId } from './elements.js';

const KEY = 'wordfreq-theme';
const picker = /** @type {HTMLSelectElement} */ (byId('theme'));

/** @param {string} theme */
function apply(theme) {
  document.documentElement.style.colorScheme = theme === 'system' ? '' : theme;
  // The chart is a canvas, so it must be drawn again.
  document.dispatchEvent(new Event('theme'));
}

/** Takes what was chosen here before, and listens for another choice. */
export function startTheme() {
  // A browser may refuse to store anything.
  try {
    picker.value = localStorage.getItem(KEY) ?? 'system';
  } catch {}
  if (picker.selectedIndex < 0) picker.value = 'system';
  apply(picker.value);
  picker.addEventListener('change', () => {
    apply(picker.value);
    try {
      localStorage.setItem(KEY, picker.value);
    } catch {}
  });
}
