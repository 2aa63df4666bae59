import type { CodedError } from '@org/wordfreq-aws-adapters/ports';
import { isTextKey } from '@org/wordfreq-aws-adapters/rules';
import type { Context, Hono, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import * as v from 'valibot';
import type { PageOptions } from './page-options.ts';
import type { PageSources } from './page-sources.ts';
import type { Readings } from './readings.ts';
import { requireAuthorized } from './request-guards.ts';

/** S3's limit for a key. */
const MAX_KEY_BYTES = 1024;
/** Enough for a thousand ids. */
const MAX_LETTERS_BODY_BYTES = 200_000;

const ids = v.pipe(v.array(v.pipe(v.string(), v.maxLength(100))), v.minLength(1), v.maxLength(1000));
const reason = v.pipe(v.string(), v.minLength(1), v.maxLength(100));
/** Strict: a misspelt `ids` must not send back everything. */
const RedriveRequest = v.strictObject({ ids: v.optional(ids), reason: v.optional(reason) });
/** A choice is required: an omitted one must not delete everything. */
const PurgeRequest = v.union([v.strictObject({ ids }), v.strictObject({ reason })]);
const IntakeRequest = v.strictObject({ paused: v.boolean() });

/**
 * `POST /api/uploads?name=…` with the file as its body; 409 if there is one of that name, unless
 * `&replace=true` says that it is to be replaced. 404 where uploads are not allowed.
 */
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
    const replace = context.req.query('replace') === 'true';
    try {
      await upload(name, new Uint8Array(await context.req.arrayBuffer()), { replace });
    } catch (error) {
      if ((error as Partial<CodedError>).code !== 'changed') throw error;
      return context.json({ error: 'There is a file of this name.', code: 'exists' }, 409);
    }
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

/**
 * `POST /api/dead-letters/redrive` with `{}`, `{"ids": […]}` or `{"reason": "…"}`, and
 * `POST /api/dead-letters/delete` with one of the last two. 404 where it is not allowed.
 */
export function addLetterActions(
  app: Hono,
  { redrive, purge }: PageSources,
  { deadLetters, searchedLetters, work }: Readings,
  { authorize }: PageOptions,
): void {
  const guards = [
    requireAuthorized(authorize),
    limitBody(MAX_LETTERS_BODY_BYTES, 'Send fewer ids.'),
  ] as const;
  // The page's own readings hide letters for a moment, and would hide them from this.
  const change = <R>(action: () => Promise<R>): Promise<R> =>
    deadLetters.change(() => searchedLetters.change(() => work.change(action)));

  if (redrive !== undefined) {
    app.post('/api/dead-letters/redrive', ...guards, async (context) => {
      const body = v.safeParse(RedriveRequest, await jsonOf(context));
      if (!body.success) return refuse(context, `{} or ${CHOICES}`);
      // Fires when the browser closes the connection: nobody waits for the answer then.
      const { signal } = context.req.raw;
      return context.json({ sent: await change(() => redrive(body.output, { signal })) });
    });
  }
  if (purge !== undefined) {
    app.post('/api/dead-letters/delete', ...guards, async (context) => {
      const body = v.safeParse(PurgeRequest, await jsonOf(context));
      if (!body.success) return refuse(context, CHOICES);
      const { signal } = context.req.raw;
      return context.json({ deleted: await change(() => purge(body.output, { signal })) });
    });
  }
}

const CHOICES = '{"ids": […]} with 1 to 1,000 ids of messages, or {"reason": "…"}';

/** `POST /api/intake` with `{"paused": true}` or `false`: for all workers. 404 where it is not allowed. */
export function addIntake(
  app: Hono,
  { intake, clock }: PageSources,
  { work }: Readings,
  { authorize, nameOf }: PageOptions,
): void {
  const { pause: begin, resume } = intake ?? {};
  if (begin === undefined || resume === undefined) return;
  const guards = [requireAuthorized(authorize), limitBody(1000, 'Send {"paused": true} or false.')] as const;
  app.post('/api/intake', ...guards, async (context) => {
    const body = v.safeParse(IntakeRequest, await jsonOf(context));
    if (!body.success) return refuse(context, '{"paused": true} or {"paused": false}');
    const { paused } = body.output;
    const by = nameOf?.(context.req.raw.headers);
    const pause = { since: clock.now(), ...(by === undefined ? {} : { by }) };
    await work.change(() => (paused ? begin(pause) : resume()));
    return context.json({ paused });
  });
}

/** An array is an object for a schema. */
async function jsonOf(context: Context): Promise<unknown> {
  const json: unknown = await context.req.json().catch(() => undefined);
  return Array.isArray(json) ? undefined : json;
}

function refuse(context: Context, expected: string): Response {
  return context.json({ error: `Expected ${expected}.` }, 400);
}

function limitBody(maxSize: number, hint: string): MiddlewareHandler {
  return bodyLimit({
    maxSize,
    onError: (context) =>
      context.json({ error: `Expected at most ${maxSize.toLocaleString('en-US')} bytes. ${hint}` }, 413),
  });
}
