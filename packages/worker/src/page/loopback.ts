const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '::1']);

/** Whether a host's name is one that only this machine reaches. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.has(host.toLowerCase());
}
