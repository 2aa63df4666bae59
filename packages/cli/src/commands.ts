import type { CommandRow } from './command-line/command.ts';
import { countCommand } from './commands/count.ts';

/**
 * Every command, in the order of the help. A description is made when its command is named, except for the
 * one that is named most; they are in the same built file, because a start pays for each file. `run` imports
 * the rest.
 */
export const COMMANDS: readonly CommandRow[] = [
  {
    name: 'count',
    summary: 'count the words of files, folders, patterns or standard input',
    load: async () => countCommand,
  },
  {
    name: 'compare',
    summary: 'find the words that two texts use most differently',
    load: async () => (await import('./commands/compare.ts')).compareCommand,
  },
  {
    name: 'upload',
    summary: 'upload files or folders, and wait for their results if asked to',
    load: async () => (await import('./commands/upload.ts')).uploadCommand,
  },
  {
    name: 'results',
    summary: 'show results: the newest, or those of a key',
    load: async () => (await import('./commands/results.ts')).resultsCommand,
  },
  {
    name: 'watch',
    summary: 'watch what is waiting, what is done and new results',
    load: async () => (await import('./commands/watch.ts')).watchCommand,
  },
  {
    name: 'explain',
    summary: 'say what happened to an object, and what to do about it',
    load: async () => (await import('./commands/explain.ts')).explainCommand,
  },
  {
    name: 'reconcile',
    summary: 'find objects that have no outcome, and results that have no object',
    load: async () => (await import('./commands/reconcile.ts')).reconcileCommand,
  },
  {
    name: 'dlq',
    summary: 'list dead letters, send them back or delete them',
    load: async () => (await import('./commands/dlq.ts')).dlqCommand,
  },
  {
    name: 'backfill',
    summary: 'put existing objects into the queue',
    load: async () => (await import('./commands/backfill.ts')).backfillCommand,
  },
  {
    name: 'local',
    summary: 'run the whole pipeline on this machine: S3, SQS, SNS, DynamoDB, copy Lambda, workers, page',
    load: async () => (await import('./commands/local.ts')).localCommand,
  },
  {
    name: 'worker',
    summary: 'run a worker in the foreground, as the container does',
    load: async () => (await import('./commands/worker.ts')).workerCommand,
  },
  {
    name: 'create-table',
    summary: 'create the table of results, if it does not exist',
    load: async () => (await import('./commands/create-table.ts')).createTableCommand,
  },
  {
    name: 'doctor',
    summary: 'find out why a pipeline does not work, and how to fix it',
    load: async () => (await import('./commands/doctor.ts')).doctorCommand,
  },
  {
    name: 'completion',
    summary: 'print a script that completes commands and options in a shell',
    load: async () => (await import('./commands/completion.ts')).completionCommand(COMMANDS),
  },
];
