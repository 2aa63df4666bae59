import { readdirSync, readFileSync } from 'node:fs';

/** What a worker's process has used so far, from Linux's accounting. */
export interface ProcessTimes {
  /** The thread that talks to the services, keeps leases, and counts what is small. */
  readonly mainSeconds: number;
  readonly countingSeconds: number;
  /** V8's own threads: garbage collection and compilation. */
  readonly otherSeconds: number;
  /** The most memory that it ever had resident. */
  readonly peakResidentBytes: number;
}

/** Of a second; the kernel's USER_HZ, which is 100 on every platform that Node runs on. */
const TICKS_PER_SECOND = 100;

/** Reads the accounts of a process by its threads. */
export function processTimes(pid: number): ProcessTimes {
  const seconds = { main: 0, counting: 0, other: 0 };
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    // "123 (name) S …": the name may hold anything, also brackets.
    const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8');
    const name = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = Number(fields[11]) + Number(fields[12]);
    const kind = thread === String(pid) ? 'main' : name === 'WorkerThread' ? 'counting' : 'other';
    seconds[kind] += ticks / TICKS_PER_SECOND;
  }
  const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return {
    mainSeconds: seconds.main,
    countingSeconds: seconds.counting,
    otherSeconds: seconds.other,
    peakResidentBytes: Number(peak) * 1024,
  };
}
