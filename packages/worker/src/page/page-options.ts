import type { Authorize } from './load-balancer-user.ts';

/** How the page behaves. */
export interface PageOptions {
  /**
   * `loopback`: answers only where it is called localhost. `any`: something in front of it decides. Default:
   * `loopback`.
   */
  readonly hosts?: 'loopback' | 'any';
  /**
   * Says whether a request may upload or redrive; 403 if not. Default: with `loopback`, whoever reaches the
   * page may; with `any`, nobody may, and `upload` and `redrive` of the sources are left out.
   */
  readonly authorize?: Authorize;
  /** Default: 100,000,000. */
  readonly maxUploadBytes?: number;
}
