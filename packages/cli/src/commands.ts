import type { CommandRow } from './command-line/command.ts';
import { backfillCommand } from './commands/backfill.ts';
import { compareCommand } from './commands/compare.ts';
import { completionCommand } from './commands/completion.ts';
import { countCommand } from './commands/count.ts';
import { createTableCommand } from './commands/create-table.ts';
import { dlqCommand } from './commands/dlq.ts';
import { doctorCommand } from './commands/doctor.ts';
import { explainCommand } from './commands/explain.ts';
import { localCommand } from './commands/local.ts';
import { reconcileCommand } from './commands/reconcile.ts';
import { resultsCommand } from './commands/results.ts';
import { uploadCommand } from './commands/upload.ts';
import { watchCommand } from './commands/watch.ts';
import { workerCommand } from './commands/worker.ts';

/** Every command, in the order of the help. Descriptions are light, and fewer files are a shorter start; `run` imports the rest. */
export const COMMANDS: readonly CommandRow[] = [
  {
    name: 'count',
    summary: 'count the words of files, folders, patterns or standard input',
    load: async () => countCommand,
  },
  {
    name: 'compare',
    summary: 'find the words that two texts use most differently',
    load: async () => compareCommand,
  },
  {
    name: 'upload',
    summary: 'upload files or folders, and wait for their results if asked to',
    load: async () => uploadCommand,
  },
  {
    name: 'results',
    summary: 'show results: the newest, or those of a key',
    load: async () => resultsCommand,
  },
  {
    name: 'watch',
    summary: 'watch what waits, what is done and what comes in',
    load: async () => watchCommand,
  },
  {
    name: 'explain',
    summary: 'say what became of an object, and what to do about it',
    load: async () => explainCommand,
  },
  {
    name: 'reconcile',
    summary: 'find objects that have no outcome, and results that have no object',
    load: async () => reconcileCommand,
  },
  {
    name: 'dlq',
    summary: 'look at dead letters, send them back or delete them',
    load: async () => dlqCommand,
  },
  {
    name: 'backfill',
    summary: 'put existing objects into the queue',
    load: async () => backfillCommand,
  },
  {
    name: 'local',
    summary: 'run the whole pipeline on this machine: S3, SQS, SNS, DynamoDB, copy Lambda, workers, page',
    load: async () => localCommand,
  },
  {
    name: 'worker',
    summary: 'run a worker in the foreground, as the container does',
    load: async () => workerCommand,
  },
  {
    name: 'create-table',
    summary: 'make the table of results, if it is not there',
    load: async () => createTableCommand,
  },
  {
    name: 'doctor',
    summary: 'find out what keeps a pipeline from working, and the cure',
    load: async () => doctorCommand,
  },
  {
    name: 'completion',
    summary: 'print a script that completes commands and options in a shell',
    load: async () => completionCommand(COMMANDS),
  },
];
