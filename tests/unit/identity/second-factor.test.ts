import { RecoveryCodes } from '../../../src/modules/identity/recovery-codes';
import { isTotpCode, newTotpSecret, stepOf, totpUri } from '../../../src/modules/identity/totp';

/** The secret of RFC 6238, appendix B, in base 32; its codes there have eight digits, of which ours are the last six. */
const RFC_SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const at = (seconds: number): Date => new Date(seconds * 1000);

describe('codes of an authenticator', () => {
  test.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
  ])('are those of RFC 6238 at %i s', (seconds, code) => {
    expect(stepOf(code, RFC_SECRET, at(seconds))).toBe(Math.floor(seconds / 30));
  });

  test('are taken one step before and after, and not two', () => {
    const step = Math.floor(1_234_567_890 / 30);
    const taken = [-2, -1, 0, 1, 2].map((steps) => stepOf('005924', RFC_SECRET, at(1_234_567_890 + steps * 30)));
    expect(taken).toEqual([undefined, step, step, step, undefined]);
    expect(stepOf('005925', RFC_SECRET, at(1_234_567_890))).toBeUndefined();
  });

  test('have six digits', () => {
    expect(['123456', '12345', '1234567', '12345a', '', '１２３４５６'].map(isTotpCode)).toEqual([true, false, false, false, false, false]);
  });

  test('come from a secret of 160 bits, told to the app in a URI', () => {
    const secret = newTotpSecret();
    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    const uri = new URL(totpUri(secret, 'ada+x@example.com'));
    expect([uri.protocol, uri.host, decodeURIComponent(uri.pathname)]).toEqual(['otpauth:', 'totp', '/Quartermaster:ada+x@example.com']);
    expect(Object.fromEntries(uri.searchParams)).toEqual({ secret, issuer: 'Quartermaster' });
  });
});

describe('recovery codes', () => {
  const codes = new RecoveryCodes('a pepper');
  test('are ten, all different, without letters that look like digits', () => {
    const made = codes.generate();
    expect(new Set(made).size).toBe(10);
    for (const code of made) expect(code).toMatch(/^[0-9a-hjkmnp-tv-z]{5}-[0-9a-hjkmnp-tv-z]{5}$/);
  });

  test('are recognized however they are written, by their own pepper only', () => {
    const hash = codes.hashOf('0a1bc-de1f0');
    for (const written of ['0A1BC-DE1F0', ' 0a1bc de1f0 ', 'oalbc-deifo']) expect(codes.hashOf(written)).toEqual(hash);
    expect(codes.hashOf('0a1bc-de1f2')).not.toEqual(hash);
    expect(new RecoveryCodes('another').hashOf('0a1bc-de1f0')).not.toEqual(hash);
  });
});
