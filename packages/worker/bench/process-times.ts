import { readdirSync, readFileSync } from 'node:fs';

/** What a worker's process has used so far, from Linux's accounting. */
export interface ProcessTimes {
  /** Of all threads, also of those that have ended: user and system time. */
  readonly cpuSeconds: number;
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
    const { name, cpuSeconds } = readStat(`/proc/${pid}/task/${thread}/stat`);
    const kind = thread === String(pid) ? 'main' : name === 'WorkerThread' ? 'counting' : 'other';
    seconds[kind] += cpuSeconds;
  }
  const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return {
    cpuSeconds: readStat(`/proc/${pid}/stat`).cpuSeconds,
    mainSeconds: seconds.main,
    countingSeconds: seconds.counting,
    otherSeconds: seconds.other,
    peakResidentBytes: Number(peak) * 1024,
  };
}

function readStat(file: string): { readonly name: string; readonly cpuSeconds: number } {
  // "123 (name) S …": the name may hold anything, also brackets.
  const stat = readFileSync(file, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return {
    name: stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')')),
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND,
  };
}
