/** The length of a day in UTC. */
export const DAY_MS = 86_400_000;

/** The day of a moment in UTC, such as `2026-11-28`. */
export function dayOf(moment: Date): string {
  return moment.toISOString().slice(0, 10);
}

/** When a day begins. */
export function startOfDay(day: string): Date {
  return new Date(`${day}T00:00:00.000Z`);
}

/** When a day ends, which is when the next one begins. */
export function endOfDay(day: string): Date {
  return new Date(startOfDay(day).getTime() + DAY_MS);
}

/** The days from the one of `from` up to the one of the last moment before `until`, the oldest first. */
export function daysBetween(from: Date, until: Date): readonly string[] {
  const days: string[] = [];
  for (let at = startOfDay(dayOf(from)); at < until; at = new Date(at.getTime() + DAY_MS))
    days.push(dayOf(at));
  return days;
}
