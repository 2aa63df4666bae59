/** Runs a task once all earlier tasks of the same name have ended. Tasks of different names run at once. */
export type OneAtATime = <T>(name: string, task: () => Promise<T>) => Promise<T>;

/** Makes a queue per name. */
export function createOneAtATime(): OneAtATime {
  const last = new Map<string, Promise<unknown>>();
  return async (name, task) => {
    const before = last.get(name);
    const running = before === undefined ? task() : before.then(task, task);
    last.set(name, running);
    try {
      return await running;
    } finally {
      if (last.get(name) === running) last.delete(name);
    }
  };
}
