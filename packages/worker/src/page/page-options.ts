import type { Authorize } from './load-balancer-user.ts';

/** How the page behaves. */
export interface PageOptions {
  /**
   * `loopback`: responds only where it is called localhost. `any`: something in front of it decides. Default:
   * `loopback`.
   */
  readonly hosts?: 'loopback' | 'any';
  /**
   * Says whether a request may change something; 403 if not. Default: with `loopback`, whoever reaches the
   * page may; with `any`, nobody may, and `upload`, `redrive`, `purge` and `intake` of the sources are left
   * out.
   */
  readonly authorize?: Authorize;
  /**
   * Returns who sent the request, to be shown with a pause; only called for requests that `authorize` lets through.
   * Default: nobody is named.
   */
  readonly nameOf?: (headers: Headers) => string | undefined;
  /** Default: 100,000,000. */
  readonly maxUploadBytes?: number;
}
