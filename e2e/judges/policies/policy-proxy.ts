import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse, request as sendRequest } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { EmbeddedEndpoints } from '@org/wordfreq-aws-adapters/local';
import { hasETagInBody, versionOfAnswer, withoutVersion } from './object-versions.ts';
import { isAllowed, type Principal } from './principal.ts';
import { type Refusal, refuse, s3Error } from './refusal.ts';
import { type AwsRequest, type RequestedPermission, UnknownRequest } from './requested-permission.ts';
import { addressOf, permissionToMiss } from './s3-permissions.ts';
import { keyPermissions, type Service, servicePermissions } from './service-permissions.ts';

/** A request to AWS that was refused. */
interface Denied extends RequestedPermission {
  readonly accessKeyId: string;
  readonly request: string;
}

/** An internal error of the service, or a response whose connection breaks after its first byte. */
type InjectedFault = 'fail' | 'cut';

/**
 * An HTTP proxy in front of the embedded servers that lets through what the policies of the caller allow, as
 * AWS does.
 */
export interface PolicyProxy {
  readonly url: string;
  /** Admits a caller, who is recognised by the access key id. */
  admit(principal: Principal): void;
  /** What each access key id has been allowed so far, each permission once. */
  used(accessKeyId: string): readonly RequestedPermission[];
  readonly denied: Denied[];
  /** Requests that no rule of this judge understands, and callers that nobody knows. */
  readonly unknown: readonly Error[];
  /** Is called before a request is passed on; what it waits for delays the request. */
  beforeEach: (request: AwsRequest, principal: Principal) => Promise<InjectedFault | undefined>;
  stop(): Promise<void>;
}

/** Starts the proxy on the loopback interface. */
export async function startPolicyProxy(endpoints: EmbeddedEndpoints): Promise<PolicyProxy> {
  const principals = new Map<string, Principal>();
  const used = new Map<string, Map<string, RequestedPermission>>();
  const denied: Denied[] = [];
  const unknown: Error[] = [];
  const server = createServer((incoming, outgoing) => {
    handle(incoming, outgoing).catch((error: Error) => {
      unknown.push(error);
      outgoing.writeHead(501).end();
    });
  });
  // Node's own client asks a proxy for a tunnel; the ECS agent, whose address is fixed, is at its end.
  server.on('connect', (_, socket: Socket) => {
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    server.emit('connection', socket);
  });

  async function handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { method = '', headers } = incoming;
    const url = (incoming.url ?? '').replace(/^http:\/\/[^/]+/, '');
    const request: AwsRequest = { method, url, headers, body: await buffer(incoming) };
    if (headers.authorization === undefined && !isAgent(request)) return void outgoing.writeHead(403).end();
    const caller = callerOf(request);
    const principal = principals.get(caller.accessKeyId);
    if (principal === undefined)
      throw new UnknownRequest(request, `nobody has the key ${caller.accessKeyId}`);
    const { service } = caller;
    const missing = await firstMissing(permissionsOf(service, request, principal), principal, request);
    if (missing !== undefined) return send(outgoing, request, refuse(service, principal, missing));
    const fault = await proxy.beforeEach(request, principal);
    if (fault === 'fail') return void outgoing.writeHead(500).end();
    if (service === 'ecs') return send(outgoing, request, protectionGranted(principal));
    await pass(service, request, principal, outgoing, fault === 'cut');
  }

  /** Asks for all of them, so that a log of one run is a log of what is needed. */
  async function firstMissing(
    permissions: readonly RequestedPermission[],
    principal: Principal,
    { method, url }: AwsRequest,
  ): Promise<RequestedPermission | undefined> {
    const { accessKeyId } = principal;
    for (const permission of permissions) {
      const { action, resource } = permission;
      const mine = used.get(accessKeyId) ?? new Map<string, RequestedPermission>();
      used.set(accessKeyId, mine);
      if (mine.has(`${action} ${resource}`)) continue;
      if (!(await isAllowed(principal, permission))) {
        denied.push({ ...permission, accessKeyId, request: `${method} ${url}` });
        return permission;
      }
      mine.set(`${action} ${resource}`, permission);
    }
    return undefined;
  }

  async function pass(
    service: Service,
    request: AwsRequest,
    principal: Principal,
    outgoing: ServerResponse,
    cut: boolean,
  ): Promise<void> {
    const forwarded = service === 's3' ? withoutVersion(request) : { ...request, pinned: false };
    const { 'proxy-connection': _, expect: __, ...headers } = forwarded.headers;
    const sent = sendRequest(new URL(endpoints[service]), {
      path: forwarded.url,
      method: request.method,
      headers: { ...headers, 'content-length': String(request.body.length) },
    });
    sent.on('error', () => outgoing.destroy());
    sent.end(request.body);
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    const status = response.statusCode ?? 502;
    if (service === 's3' && (status === 404 || (status === 412 && forwarded.pinned))) {
      const body = await buffer(response);
      const missing = await firstMissing(permissionToMiss(request), principal, request);
      if (missing !== undefined) return send(outgoing, request, refuse(service, principal, missing));
      const gone = forwarded.pinned
        ? s3Error('NoSuchVersion', 'The version does not exist.')
        : body.toString();
      return send(outgoing, request, {
        status: 404,
        headers: { 'content-type': 'application/xml' },
        body: gone,
      });
    }
    const { statusCode = 502, headers: answered } = response;
    if (cut) {
      outgoing.writeHead(statusCode, { ...answered, ...versionHeader(request, principal, answered, '') });
      response.once('data', (chunk: Buffer) =>
        outgoing.write(chunk.subarray(0, 1), () => outgoing.socket?.resetAndDestroy()),
      );
      return;
    }
    if (service !== 's3' || statusCode >= 300) {
      outgoing.writeHead(statusCode, answered);
      return void response.pipe(outgoing);
    }
    const body = hasETagInBody(request) ? await buffer(response) : undefined;
    const version = versionHeader(request, principal, answered, body?.toString() ?? '');
    outgoing.writeHead(statusCode, { ...answered, ...version });
    if (body === undefined) response.pipe(outgoing);
    else outgoing.end(body);
  }

  const proxy: PolicyProxy = {
    url: await listen(server),
    admit: (principal) => void principals.set(principal.accessKeyId, principal),
    used: (accessKeyId) => [...(used.get(accessKeyId)?.values() ?? [])],
    denied,
    unknown,
    beforeEach: async () => undefined,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return proxy;
}

async function listen(server: ReturnType<typeof createServer>): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The id of the version that a response is about, where there are versions. */
function versionHeader(
  request: AwsRequest,
  { versionedBuckets }: Principal,
  headers: IncomingMessage['headers'],
  body: string,
): Record<string, string> {
  const version = versionOfAnswer(request, headers, body);
  if (version === undefined || !versionedBuckets.has(addressOf(request.url).bucket)) return {};
  return { 'x-amz-version-id': version };
}

/** What the ECS agent returns: it knows a task by its path, and requires no signature. */
const AGENT = /^\/api\/([^/]+)\/task-protection\/v1\/state$/;
const isAgent = ({ url }: AwsRequest): boolean => AGENT.test(url);

/** Who calls which service, by the signature. */
function callerOf(request: AwsRequest): { accessKeyId: string; service: Service | 'ecs' } {
  const [, task] = AGENT.exec(request.url) ?? [];
  if (task !== undefined) return { accessKeyId: task, service: 'ecs' };
  const scope = /Credential=([^/]+)\/\d+\/[^/]+\/(s3|sqs|sns|dynamodb)\//.exec(
    String(request.headers['authorization']),
  );
  const [, accessKeyId, service] = scope ?? [];
  if (accessKeyId === undefined)
    throw new UnknownRequest(request, 'it is not signed for a service of the pipeline');
  return { accessKeyId, service: service as Service };
}

function permissionsOf(
  service: Service | 'ecs',
  request: AwsRequest,
  { keys, place, taskArn }: Principal,
): RequestedPermission[] {
  if (service === 'ecs') {
    if (taskArn === undefined) throw new UnknownRequest(request, 'the caller is no task');
    return [{ action: 'ecs:UpdateTaskProtection', resource: taskArn }];
  }
  return servicePermissions(service, request, place).flatMap((permission) => [
    permission,
    ...keyPermissions(permission, (resource) => keys.get(resource)),
  ]);
}

function protectionGranted({ taskArn }: Principal): Refusal {
  const body = JSON.stringify({ protection: { TaskArn: taskArn, ProtectionEnabled: true } });
  return { status: 200, headers: { 'content-type': 'application/json' }, body };
}

function send(outgoing: ServerResponse, { method }: AwsRequest, { status, headers, body }: Refusal): void {
  outgoing.writeHead(status, headers).end(method === 'HEAD' ? undefined : body);
}
