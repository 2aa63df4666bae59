import { byId, make, say } from './elements.js';
import { several, size } from './format.js';

const HEIGHT = 196;
const AXIS_FONT = '12px system-ui, sans-serif';
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });

/** @type {any[]} */
let windows = [];
/** @type {any} */
let chart;

const picker = /** @type {HTMLSelectElement} */ (byId('throughput-window'));
const place = byId('throughput-chart');
picker.addEventListener('change', show);
new ResizeObserver(() => chart?.setSize({ width: place.clientWidth, height: HEIGHT })).observe(place);
for (const query of ['(prefers-color-scheme: dark)', '(forced-colors: active)']) {
  matchMedia(query).addEventListener('change', () => chart?.redraw());
}

document.addEventListener('theme', () => chart?.redraw());

/** @param {any} view */
export function showThroughput(view) {
  windows = view.windows;
  if (picker.options.length === 0) {
    picker.append(...windows.map(({ name }) => make('option', `Last ${name}`)));
  }
  show();
}

function show() {
  const window = windows[picker.selectedIndex];
  if (window === undefined) return;
  say('throughput-text', describe(window));
  const { from, bucketSeconds, done, failed } = window;
  // A bar is above the middle of its interval. Failures are what the taller bar shows above the other.
  const middles = done.map(
    (/** @type {number} */ _, /** @type {number} */ index) => from + (index + 0.5) * bucketSeconds,
  );
  const all = done.map((/** @type {number} */ count, /** @type {number} */ index) => count + failed[index]);
  const data = [middles, all, done];
  if (chart === undefined) chart = create(data);
  else chart.setData(data);
}

/** @param {any[]} data */
function create(data) {
  // The library is a plain script, served as it was installed.
  const { uPlot } = /** @type {any} */ (globalThis);
  const bars = uPlot.paths.bars({ size: [0.7, 18], radius: 0.2 });
  /** @param {string} id */
  const series = (id) => ({
    paths: bars,
    width: 0,
    points: { show: false },
    fill: () => colourOf(id, 'backgroundColor'),
  });
  const axis = {
    font: AXIS_FONT,
    stroke: () => colourOf('throughput-text', 'color'),
    ticks: { show: false },
  };
  const options = {
    width: place.clientWidth,
    height: HEIGHT,
    padding: [8, 20, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { range: xRange },
      y: {
        range: (/** @type {any} */ _, /** @type {number} */ _min, /** @type {number} */ max) => [
          0,
          Math.max(4, max),
        ],
      },
    },
    series: [{}, series('key-failed'), series('key-done')],
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 28,
        space: 48,
        incrs: [60, 120, 300, 600, 1200, 1800, 3600, 7200, 10_800, 21_600],
        values: (/** @type {any} */ _, /** @type {number[]} */ ticks) =>
          ticks.map((tick) => clock.format(tick * 1000)),
      },
      {
        ...axis,
        size: 40,
        space: 36,
        incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 1e5, 1e6],
        grid: { width: 1, stroke: () => colourOf('throughput-chart', 'borderTopColor') },
      },
    ],
  };
  return new uPlot(options, data, place);
}

/** From the start of the first interval to the end of the last one. */
function xRange() {
  const { from, bucketSeconds, done } = windows[picker.selectedIndex];
  return [from, from + done.length * bucketSeconds];
}

/**
 * A canvas cannot use the style sheet's variables, but elements can.
 *
 * @param {string} id
 * @param {'color' | 'backgroundColor' | 'borderTopColor'} property
 */
function colourOf(id, property) {
  return getComputedStyle(byId(id))[property];
}

/** @param {any} window */
function describe({ name, bucketSeconds, done, failed, bytes }) {
  const sum = (/** @type {number[]} */ numbers) => numbers.reduce((total, number) => total + number, 0);
  const failures = sum(failed);
  const files = sum(done) + failures;
  if (files === 0) return `No file ended in the last ${name}.`;
  const most = Math.max(
    ...done.map((/** @type {number} */ count, /** @type {number} */ index) => count + failed[index]),
  );
  const interval = bucketSeconds < 60 ? `${bucketSeconds} seconds` : several(bucketSeconds / 60, 'minute');
  const bad = failures === 0 ? '' : `, ${failures} failed`;
  return `${several(files, 'file')}${bad}, ${size(sum(bytes))}; at most ${several(most, 'file')} in ${interval}.`;
}
