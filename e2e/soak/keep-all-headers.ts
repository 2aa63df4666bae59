/**
 * Loaded by `node --import` before the worker: makes it leak, by keeping the headers of every HTTP request as
 * text.
 */
import { ClientRequest } from 'node:http';

const kept: string[] = [];
const { end } = ClientRequest.prototype;

ClientRequest.prototype.end = function keepAndEnd(this: ClientRequest, ...args: Parameters<typeof end>) {
  kept.push(JSON.stringify(this.getHeaders()));
  return end.apply(this, args);
} as typeof end;
