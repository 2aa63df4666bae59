import type { FauxqsApp, FauxqsReply, FauxqsRequest, FauxqsS3Store } from './fauxqs-internals.ts';
import { listingXml } from './s3-listings.ts';
import { element, hasForbiddenCharacter, referControls, s3Document, unescapeXml } from './s3-xml.ts';

/** What S3 gives to objects that come without a type. */
const DEFAULT_CONTENT_TYPE = 'binary/octet-stream';

/** Content types of requests to SQS and SNS: fauxqs takes objects of these types for such requests. */
const REQUEST_TYPES = /^application\/x-(amz-json-1\.0|www-form-urlencoded)/i;

/**
 * Makes fauxqs do as S3 does where it does not: listings, deleting many objects, empty objects, objects of any
 * content type, and XML of any key.
 */
export function correctS3(app: FauxqsApp, store: FauxqsS3Store): void {
  const types = new WeakMap<FauxqsRequest, string>();
  app.addHook('onRequest', (request, _, done) => {
    const { method, headers } = request;
    const type = String(headers['content-type'] ?? DEFAULT_CONTENT_TYPE);
    if (method === 'PUT') {
      types.set(request, type);
      // Most clients but ours send no type with an empty object. Without one, fauxqs sees no body and fails on
      // `undefined`.
      headers['content-type'] = REQUEST_TYPES.test(type) ? DEFAULT_CONTENT_TYPE : type;
    }
    done();
  });
  app.addHook('preHandler', (request, reply, done) => {
    const type = types.get(request);
    if (type !== undefined) request.headers['content-type'] = type;
    const answer = answerTo(request, store);
    if (answer === undefined) return done();
    reply.header('content-type', 'application/xml');
    reply.status(answer.status).send(answer.xml);
  });
  app.addHook('onSend', (_, reply: FauxqsReply, payload, done) => {
    const isXml = String(reply.getHeader('content-type')).includes('xml');
    done(null, isXml && typeof payload === 'string' ? referControls(payload) : payload);
  });
}

interface Answer {
  readonly status: number;
  readonly xml: string;
}

/**
 * Answers what fauxqs would answer wrongly; undefined for everything else, and where there is no such bucket.
 */
function answerTo(request: FauxqsRequest, store: FauxqsS3Store): Answer | undefined {
  const { method, params, query, body } = request;
  const { bucket, '*': key = '' } = params;
  if (bucket === undefined || key !== '' || !store.buckets.has(bucket)) return undefined;
  if (method === 'GET' && query['lifecycle'] === undefined) return list(store, bucket, query);
  if (method === 'POST' && query['delete'] !== undefined) return deleteObjects(store, bucket, String(body));
  return undefined;
}

function list(store: FauxqsS3Store, bucket: string, query: FauxqsRequest['query']): Answer {
  const encoding = query['encoding-type'];
  if (encoding !== undefined && encoding !== 'url')
    return refusal('InvalidArgument', 'Invalid Encoding Method specified in Request');
  return { status: 200, xml: listingXml(store, bucket, query) };
}

/** fauxqs does not read character references, such as that of a CR, and would delete nothing. */
function deleteObjects(store: FauxqsS3Store, bucket: string, body: string): Answer {
  if (hasForbiddenCharacter(body)) {
    const why =
      'The XML you provided has a character that XML cannot carry. Delete that key with DeleteObject.';
    return refusal('MalformedXML', why);
  }
  const keys = [...body.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key = '']) => unescapeXml(key));
  const deleted = store.deleteObjects(bucket, keys);
  const isQuiet = /<Quiet>\s*true\s*<\/Quiet>/i.test(body);
  const told = isQuiet ? [] : deleted.map((key) => element('Deleted', [element('Key', key)]));
  return { status: 200, xml: s3Document('DeleteResult', told) };
}

function refusal(code: string, message: string): Answer {
  const elements = [element('Code', code), element('Message', message)];
  return { status: 400, xml: `<?xml version="1.0" encoding="UTF-8"?>\n${element('Error', elements)}` };
}
