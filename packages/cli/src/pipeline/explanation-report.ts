import type { QueueDepth } from '@org/wordfreq-aws-adapters/ports';
import { escapeText } from '@org/wordfreq-aws-adapters/rules';
import { formatBytes, formatCount, formatSeconds } from '../terminal/format.ts';
import type { Terminal } from '../terminal/terminal.ts';
import type { ExplanationView, PlaceView, VersionView } from './explanation-view.ts';
import { wrapText } from './result-view.ts';

/** Prints the state first, then everything that it is based on. */
export function printExplanation(view: ExplanationView, terminal: Terminal): void {
  const paragraph = (text: string, indent: number, hanging = 0): void => {
    const lines = wrapText(text, terminal.columns - indent - hanging);
    for (const [index, line] of lines.entries()) {
      terminal.line(' '.repeat(indent + (index === 0 ? 0 : hanging)) + line);
    }
  };
  const section = (title: string, texts: readonly string[]): void => {
    if (texts.length === 0) return;
    terminal.line();
    terminal.line(terminal.strong(title));
    for (const text of texts) paragraph(text, 2, 4);
  };
  terminal.line(terminal.strong(escapeText(view.key)));
  const paint = /^(failed:|dead-letter|unknown|unannounced)/.test(view.state) ? terminal.bad : terminal.good;
  terminal.line(`  ${paint(escapeText(view.state))}`);
  paragraph(view.meaning, 2);
  if (view.hint !== null) paragraph(view.hint, 2);
  section('Where it is', [
    ...(view.upload === null ? [] : [`upload  ${placeLine(view.upload)}`]),
    ...(view.copy === null ? [] : [`copy    ${placeLine(view.copy)}`]),
  ]);
  section(`Versions (${view.versions.length})`, view.versions.flatMap(versionLines));
  section(
    `Dead letters (${view.deadLetters.length})`,
    view.deadLetters.map(
      ({ queue, id, code, detail, at }) => `${queue} ${id} ${at ?? ''} ${code}: ${detail}`,
    ),
  );
  section('Queues, approximately', queueLines(view.queues));
  section('Not looked at', view.notRead);
}

function placeLine({ bucket, version, sizeBytes, lastModified }: PlaceView): string {
  return `s3://${bucket}, ${formatBytes(sizeBytes)}, ${lastModified}, version ${version}`;
}

function versionLines(view: VersionView): readonly string[] {
  const facts = [
    view.outcome ?? (view.failures === undefined ? 'no outcome' : `failed ${view.failures} times so far`),
    ...(view.words === undefined ? [] : [`${formatCount(view.words)} words`]),
    ...(view.durationMs === undefined ? [] : [formatSeconds(view.durationMs)]),
    ...(view.attempt === undefined ? [] : [`attempt ${view.attempt}`]),
    ...(view.worker === undefined ? [] : [`by ${view.worker}`]),
    ...(view.finishedAt === undefined ? [] : [`at ${view.finishedAt}`]),
    view.current ? 'current' : view.stored ? 'older' : 'no longer stored',
  ];
  const error = view.error ?? view.lastError;
  return [
    `${view.version}  ${facts.join(', ')}`,
    ...(error === undefined ? [] : [`${error.code}: ${error.message}`]),
  ];
}

function queueLines({ jobs, uploads }: ExplanationView['queues']): readonly string[] {
  const line = (name: string, depth: QueueDepth | null): string[] =>
    depth === null
      ? []
      : [
          `${name}  ${formatCount(depth.visible + depth.delayed)} wait, ${formatCount(depth.inFlight)} in flight`,
        ];
  return [...line('uploads', uploads), ...line('jobs   ', jobs)];
}
