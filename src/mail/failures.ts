import { MissingKey, UnreadableField } from '../kernel/field-cipher';
import type { LogFields } from '../observability/logger';

type Why = Pick<LogFields, 'code' | 'responseCode' | 'command' | 'reason'>;

/** What nodemailer tells of a failure. */
interface SmtpFailure {
  readonly code?: unknown;
  readonly responseCode?: unknown;
  /** What the server was told. */
  readonly command?: unknown;
  readonly response?: unknown;
}

/** Codes only: a server's words repeat the address, and whatever else it likes. */
export function whyOf(error: unknown): Why {
  if (error instanceof MissingKey) return { reason: 'its key is missing in ENCRYPTION_KEYS' };
  if (error instanceof UnreadableField) return { reason: "it can't be decrypted" };
  const { code, responseCode, command } = error as SmtpFailure;
  return {
    ...(typeof code === 'string' && { code }),
    ...(typeof responseCode === 'number' && { responseCode }),
    ...(typeof command === 'string' && { command }),
  };
}

/** What RFC 5321 and 7504 answer about a mailbox: unknown, elsewhere, no name of one, a domain without mail. Not 552, which is a full one. */
const NO_SUCH_MAILBOX: ReadonlySet<unknown> = new Set([550, 551, 553, 556]);
/** The enhanced status (RFC 3463) of a refusal by policy: no login, no relaying. Somebody corrects that, and the mail is as good as before. */
const BY_POLICY = /^\d{3}[ -]5\.7\.\d/;

/** The server takes no mail for this address, and won't later either. A refused sender or content is nothing that the mail can help. */
export function isUnknownAddress(error: unknown): boolean {
  const { code, command, responseCode, response } = error as SmtpFailure;
  return code === 'EENVELOPE' && command === 'RCPT TO' && NO_SUCH_MAILBOX.has(responseCode) && !BY_POLICY.test(String(response));
}
