/**
 * Runs a built Lambda function in a process of its own: the bundle that the first argument names is called
 * for each event of the parent.
 */
import { createRequire } from 'node:module';

const [, , bundle = ''] = process.argv;
const { handler } = createRequire(import.meta.url)(bundle) as {
  handler(event: unknown, context: object): Promise<unknown>;
};

process.on('message', async ({ id, event }: { id: string; event: unknown }) => {
  const context = { awsRequestId: id, getRemainingTimeInMillis: () => 60_000 };
  const reply = await handler(event, context).then(
    (response) => ({ id, response }),
    (error: unknown) => ({ id, error: String(error) }),
  );
  process.send?.(reply);
});
process.on('disconnect', () => process.exit(0));
