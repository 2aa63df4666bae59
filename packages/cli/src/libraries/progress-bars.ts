/** Loaded when a progress bar is drawn: like each file of this folder, it is a separate file in the build. */
export { Presets, SingleBar } from 'cli-progress';
