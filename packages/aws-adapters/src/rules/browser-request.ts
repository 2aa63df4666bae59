/** What a request says about where it comes from and whom it is for. Header names are in lower case. */
export interface BrowserRequest {
  /** The HTTP method, in upper case. */
  readonly method: string;
  /** Returns a header by its name in lower case; `undefined` if there is none. */
  readonly header: (name: string) => string | undefined;
}

const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '::1']);

/**
 * Whether a host's name is one that only this machine reaches. Names below `localhost` are reserved (RFC
 * 6761, section 6.3), so nobody can make one of them resolve to anything else.
 */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase();
  return LOOPBACK.has(name) || name.endsWith('.localhost');
}

/** A name or an address, and a port. */
const HOST_HEADER = /^(.*?)(?::\d+)?$/;

/**
 * Whether a request names this machine. A page of another site whose name was made to resolve to 127.0.0.1
 * ("DNS rebinding") still sends its own name.
 */
export function namesThisMachine({ header }: BrowserRequest): boolean {
  const [, name = ''] = HOST_HEADER.exec(header('host') ?? '') ?? [];
  return isLoopback(name.replace(/^\[(.*)\]$/, '$1'));
}

/**
 * Whether a page of another origin made a browser send this request. Browsers say so in `Origin`, which comes
 * with everything that can change something, and in `Sec-Fetch-Site`, which comes with everything, such as
 * images and scripts. Following a link is the one thing that other pages may do: it shows the target to the
 * person, not to the page. Programs send neither header.
 */
export function isFromAnotherOrigin(request: BrowserRequest): boolean {
  const { header } = request;
  const origin = header('origin');
  if (origin !== undefined && hostOf(origin) !== header('host')) return true;
  const site = header('sec-fetch-site');
  return site !== undefined && site !== 'same-origin' && site !== 'none' && !isFollowedLink(request);
}

function isFollowedLink({ method, header }: BrowserRequest): boolean {
  const isRead = method === 'GET' || method === 'HEAD';
  return isRead && header('sec-fetch-mode') === 'navigate' && header('sec-fetch-dest') === 'document';
}

function hostOf(origin: string): string | undefined {
  // `URL.parse` would need Node 22.
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
