/** Loaded when a progress bar is drawn: a file of its own in the build, as each of this folder. */
export { Presets, SingleBar } from 'cli-progress';
