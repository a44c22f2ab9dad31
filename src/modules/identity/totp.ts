import { generateSecret, generateURI, verifySync } from 'otplib';

const ISSUER = 'Quartermaster';
/** RFC 6238: a clock that is one step off is forgiven. */
const STEP_SECONDS = 30;

/** 160 random bits, as authenticator apps take them. */
export const newTotpSecret = (): string => generateSecret();

/** What an authenticator app reads from a QR code. */
export const totpUri = (secret: string, email: string): string => generateURI({ issuer: ISSUER, label: email, secret });

export const isTotpCode = (code: string): boolean => /^\d{6}$/.test(code);

/** The time step a code belongs to: this one, the one before or the one after. Undefined for a wrong code. */
export function stepOf(code: string, secret: string, now: Date): number | undefined {
  const epoch = Math.floor(now.getTime() / 1000);
  const result = verifySync({ secret, token: code, epoch, epochTolerance: STEP_SECONDS });
  return result.valid && 'timeStep' in result ? result.timeStep : undefined;
}
