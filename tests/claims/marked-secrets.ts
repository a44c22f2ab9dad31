import { randomBytes } from 'node:crypto';

/** Names of fields that carry what must never be written down. */
const SECRET_NAME = /password|secret|token|code|challenge|credential|csrf|(?:api|access|signing)_?key|^(?:key|uri|card|pin)$/i;
/** Codes of errors and of products are no secrets. */
const PUBLIC_WORD = /^[A-Z][A-Z_]*$/;
const SHORTEST = 8;

/** Every secret that went to the server or came from it. */
export class MarkedSecrets {
  private readonly values = new Set<string>();

  get count(): number {
    return this.values.size;
  }

  /** A new secret, as strong as any. */
  make(): string {
    return this.add(`Mark-${randomBytes(18).toString('base64url')}`);
  }

  add(value: string): string {
    if (value.length >= SHORTEST) this.values.add(value);
    return value;
  }

  /** The body with new secrets where it has secrets, and a card number in every other text. */
  mark(body: unknown, cardNumber: string | undefined): unknown {
    return this.map(body, '', (name, text) => {
      if (SECRET_NAME.test(name)) return this.make();
      return cardNumber ?? text;
    });
  }

  /** Remembers the secrets of an answer. */
  harvest(answer: { readonly body: unknown; readonly cookies: readonly string[] }): void {
    this.map(answer.body, '', (name, text) => (SECRET_NAME.test(name) && !PUBLIC_WORD.test(text) ? this.add(text) : text));
    for (const cookie of answer.cookies) this.add(decodeURIComponent(/=([^;]*)/.exec(cookie)![1]!));
  }

  /** Those that occur in a text, whole or in their first half: what is cut off tells enough. */
  foundIn(text: string): string[] {
    return [...this.values].filter((value) => text.includes(value.slice(0, Math.max(SHORTEST, value.length / 2))));
  }

  private map(value: unknown, name: string, change: (name: string, text: string) => string): unknown {
    if (typeof value === 'string') return change(name, value);
    if (Array.isArray(value)) return value.map((item) => this.map(item, name, change));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, this.map(inner, key, change)]));
  }
}
