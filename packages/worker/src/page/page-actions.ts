import { isTextKey } from '@org/wordfreq-aws-adapters/rules';
import type { Hono, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import * as v from 'valibot';
import type { PageOptions } from './page-options.ts';
import type { PageSources } from './page-sources.ts';
import type { Readings } from './readings.ts';
import { requireAuthorized } from './request-guards.ts';

/** S3's limit for a key. */
const MAX_KEY_BYTES = 1024;
/** Enough for a thousand ids. */
const MAX_REDRIVE_BODY_BYTES = 200_000;

/** Strict: a misspelt `ids` must not send back everything. */
const RedriveRequest = v.strictObject({
  ids: v.optional(v.pipe(v.array(v.pipe(v.string(), v.maxLength(100))), v.minLength(1), v.maxLength(1000))),
});

/** `POST /api/uploads?name=…` with the file as its body. 404 where uploads are not allowed. */
export function addUploads(
  app: Hono,
  { upload }: PageSources,
  { authorize, maxUploadBytes }: PageOptions & { readonly maxUploadBytes: number },
): void {
  if (upload === undefined) return;
  const limit = limitBody(maxUploadBytes, 'Use the AWS CLI for larger files.');
  app.post('/api/uploads', requireAuthorized(authorize), limit, async (context) => {
    const name = context.req.query('name') ?? '';
    const problem = nameProblem(name);
    if (problem !== undefined) return context.json({ error: problem }, 400);
    await upload(name, new Uint8Array(await context.req.arrayBuffer()));
    return context.json({ key: name }, 201);
  });
}

/** Any key is allowed: it names an object, never a path on this machine. */
function nameProblem(name: string): string | undefined {
  if (!isTextKey(name, '.txt')) {
    return 'Expected a name that ends in .txt, .txt.gz or .txt.zst: only such files are counted.';
  }
  if (Buffer.byteLength(name) > MAX_KEY_BYTES) return `Expected a name of at most ${MAX_KEY_BYTES} bytes.`;
  return undefined;
}

/** `POST /api/dead-letters/redrive` with `{}` or `{"ids": […]}`. 404 where it is not allowed. */
export function addRedrive(
  app: Hono,
  { redrive }: PageSources,
  { deadLetters }: Readings,
  { authorize }: PageOptions,
): void {
  if (redrive === undefined) return;
  const limit = limitBody(MAX_REDRIVE_BODY_BYTES, 'Send fewer ids.');
  const guards = [requireAuthorized(authorize), limit] as const;
  app.post('/api/dead-letters/redrive', ...guards, async (context) => {
    const json: unknown = await context.req.json().catch(() => undefined);
    const body = v.safeParse(RedriveRequest, json);
    if (!body.success || Array.isArray(json)) {
      return context.json({ error: 'Expected {} or {"ids": […]} with 1 to 1,000 ids of messages.' }, 400);
    }
    // Fires when the browser closes the connection: nobody waits for the answer then.
    const { signal } = context.req.raw;
    // The page's own reading hides letters for a moment, and would hide them from this.
    const sent = await deadLetters.change(() => redrive(body.output.ids, { signal }));
    return context.json({ sent });
  });
}

function limitBody(maxSize: number, hint: string): MiddlewareHandler {
  return bodyLimit({
    maxSize,
    onError: (context) =>
      context.json({ error: `Expected at most ${maxSize.toLocaleString('en-US')} bytes. ${hint}` }, 413),
  });
}
