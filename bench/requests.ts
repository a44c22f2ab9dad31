import { randomInt, randomUUID } from 'node:crypto';

/** What the generator sends, as plain data: it crosses over to a process of its own. */
export type Requests =
  | { readonly kind: 'gets'; readonly paths: readonly string[]; readonly token?: string }
  | {
      readonly kind: 'orders';
      readonly token: string;
      readonly productIds: readonly string[];
      readonly customerIds: readonly string[];
      /** Distinct products in an order. */
      readonly lines: number;
      /** The largest quantity of a line; the least is 1. */
      readonly most: number;
    };

/** Answers a function that makes the next request, whole, as HTTP/1.1 text. */
export function requestMaker(requests: Requests): () => string {
  const token = requests.token === undefined ? '' : `Authorization: Bearer ${requests.token}\r\n`;
  if (requests.kind === 'gets') {
    const texts = requests.paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: bench\r\n${token}\r\n`);
    return () => texts[randomInt(texts.length)]!;
  }
  const { productIds, customerIds, lines, most } = requests;
  const head = `POST /api/v1/orders HTTP/1.1\r\nHost: bench\r\n${token}Content-Type: application/json\r\n`;
  return () => {
    // One product of each equal share of the list, as order-steps.pgbench.sql has it: distinct without a look back.
    const share = Math.floor(productIds.length / lines);
    const items = Array.from({ length: lines }, (_, line) => ({
      productId: productIds[line * share + randomInt(share)],
      quantity: String(1 + randomInt(most)),
    }));
    const customerId = customerIds[randomInt(Math.max(customerIds.length, 1))];
    const body = JSON.stringify({ customerId, items });
    return `${head}Idempotency-Key: ${randomUUID()}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  };
}
