import path from 'node:path';
import { generate } from '../../bench/generator';
import type { Requests } from '../../bench/requests';

export interface Flood {
  readonly port: number;
  readonly requests: Requests;
  readonly seconds: number;
  /** Either so many clients, each of which waits for its answer, or so many requests a second, whether they are answered or not. */
  readonly pace: { readonly clients: number } | { readonly perSecond: number };
}

/** Milliseconds. */
export interface Latency {
  readonly p50: number;
  readonly p99: number;
  readonly most: number;
}

export interface FloodResult {
  readonly sent: number;
  /** How many answers had each HTTP status. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Successes a second. */
  readonly goodput: number;
  readonly successes: Latency;
  readonly refusals: Latency;
  /** 429 and 503 that did not say when to come back. */
  readonly withoutRetryAfter: number;
  /** Requests that got no answer, or could not be sent. */
  readonly broken: number;
}

export const flood = (order: Flood): Promise<FloodResult> => generate(path.join(__dirname, 'flood-process.ts'), order);

export function latencyOf(milliseconds: readonly number[]): Latency {
  const sorted = [...milliseconds].sort((a, b) => a - b);
  const at = (share: number): number => Math.round((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0) * 10) / 10;
  return { p50: at(0.5), p99: at(0.99), most: at(1) };
}
