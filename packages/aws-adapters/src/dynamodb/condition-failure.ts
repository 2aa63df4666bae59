/** A failed condition is an answer here, not an error. */
export async function unlessConditionFails(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (isConditionFailure(error)) return false;
    throw error;
  }
}

/** Whether a write was refused because its condition did not hold. */
export function isConditionFailure(error: unknown): boolean {
  return ((error as Error).cause as Error | undefined)?.name === 'ConditionalCheckFailedException';
}
