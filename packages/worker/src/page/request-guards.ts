import type { MiddlewareHandler } from 'hono';
import type { Authorize } from './load-balancer-user.ts';
import { isLoopback } from './loopback.ts';

/** A name or an address, and a port. */
const HOST_HEADER = /^(.*?)(?::\d+)?$/;

/**
 * Answers only requests that name this machine: a page of another site whose name was made to resolve to 127.0.0.1 ("DNS
 * rebinding") still sends its own name.
 */
export function requireLoopbackHost(): MiddlewareHandler {
  return async (context, next) => {
    const [, name = ''] = HOST_HEADER.exec(context.req.header('host') ?? '') ?? [];
    if (!isLoopback(name.replace(/^\[(.*)\]$/, '$1'))) {
      return context.json({ error: 'Expected the Host header to name localhost.' }, 403);
    }
    return next();
  };
}

/** Refuses writes that another site's page makes a browser send. Programs send neither header and are let through. */
export function requireSameOrigin(): MiddlewareHandler {
  return async (context, next) => {
    const site = context.req.header('sec-fetch-site');
    const origin = context.req.header('origin');
    const foreignSite = site !== undefined && site !== 'same-origin' && site !== 'none';
    const foreignOrigin = origin !== undefined && originHost(origin) !== context.req.header('host');
    if (foreignSite || foreignOrigin) {
      return context.json({ error: 'Expected a request from this page itself.' }, 403);
    }
    return next();
  };
}

/** Refuses whoever may not change anything. */
export function requireAuthorized(authorize: Authorize | undefined): MiddlewareHandler {
  return async (context, next) => {
    if (authorize !== undefined && !(await authorize(context.req.raw.headers))) {
      return context.json({ error: 'Expected the load balancer to say who you are. Sign in again.' }, 403);
    }
    return next();
  };
}

function originHost(origin: string): string | undefined {
  // `URL.parse` would need Node 22.
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
