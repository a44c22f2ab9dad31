import { isCurrency } from '../../kernel/money';
import { custom, Field } from './field';

const AREA = /^(UTC|[A-Za-z_]+\/[A-Za-z0-9_+/-]+)$/;

function isTimeZone(text: string): boolean {
  if (text.length > 64 || !AREA.test(text)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** A name of the IANA time zone database such as Europe/London, or UTC. Offsets are refused: they know no summer time. */
export const timeZone = (): Field<string> =>
  new Field(
    custom((value) =>
      typeof value === 'string' && isTimeZone(value) ? { value } : { problem: 'must be a time zone such as Europe/London, or UTC' },
    ),
    () => ({ type: 'string', maxLength: 64, pattern: AREA.source, description: 'IANA time zone', examples: ['Europe/London', 'UTC'] }),
  );

/** A currency that a document can be in (isCurrency), ISO 4217; lower case is accepted and raised. */
export const currency = (): Field<string> =>
  new Field(
    custom((value) => {
      const code = typeof value === 'string' ? value.trim().toUpperCase() : '';
      return isCurrency(code) ? { value: code } : { problem: 'must be a currency, ISO 4217, such as USD' };
    }),
    () => ({ type: 'string', pattern: '^[A-Za-z]{3}$', description: 'ISO 4217', examples: ['USD'] }),
  );
