import path from 'node:path';
import { generate } from './generator';
import type { Requests } from './requests';

export interface Load {
  readonly port: number;
  /** Connections with one request under way each. */
  readonly clients: number;
  readonly requests: Requests;
  /** How long; `once`: one request per client, all at the same moment. */
  readonly seconds: number | 'once';
}

export interface LoadResult {
  /** How many answers had each HTTP status. */
  readonly statuses: Readonly<Record<string, number>>;
  readonly seconds: number;
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** The first refusal's body. */
  readonly refusal: string | undefined;
}

/** Sends the load from a fresh process. */
export const send = (load: Load): Promise<LoadResult> => generate(path.join(__dirname, 'load-process.ts'), load);

/** @throws Error unless every answer had the status */
export async function sendAll(status: number, load: Load): Promise<LoadResult> {
  const result = await send(load);
  const others = Object.keys(result.statuses).filter((found) => Number(found) !== status);
  if (others.length > 0)
    throw new Error(`Expected ${status} alone, got ${JSON.stringify(result.statuses)}; the first refusal: ${result.refusal}`);
  return result;
}
