import { type BrowserRequest, isFromAnotherOrigin, namesThisMachine } from '@org/wordfreq-aws-adapters/rules';
import type { HonoRequest, MiddlewareHandler } from 'hono';
import type { Authorize } from './load-balancer-user.ts';

/** Refuses requests that do not name this machine. */
export function requireLoopbackHost(): MiddlewareHandler {
  return async ({ req, json }, next) => {
    if (!namesThisMachine(browserRequest(req))) {
      return json({ error: 'Expected the Host header to name localhost.' }, 403);
    }
    return next();
  };
}

/** Refuses what a page of another origin makes a browser send. */
export function requireSameOrigin(): MiddlewareHandler {
  return async ({ req, json }, next) => {
    if (isFromAnotherOrigin(browserRequest(req))) {
      return json({ error: 'Expected a request from this page itself.' }, 403);
    }
    return next();
  };
}

function browserRequest(request: HonoRequest): BrowserRequest {
  return { method: request.method, header: (name) => request.header(name) };
}

/** Refuses requests that are not authorized to change anything. */
export function requireAuthorized(authorize: Authorize | undefined): MiddlewareHandler {
  return async (context, next) => {
    if (authorize !== undefined && !(await authorize(context.req.raw.headers))) {
      return context.json({ error: 'Expected the load balancer to say who you are. Sign in again.' }, 403);
    }
    return next();
  };
}
