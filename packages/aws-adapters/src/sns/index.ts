export { createSnsNotifier, type SnsNotifierOptions } from './notifier.ts';
