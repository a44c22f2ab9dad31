import { describe, list, named, shape, text, type Infer } from '../../http/fields/fields';
import { anyPassword } from './identity.schemas';

/** Six digits, or a recovery code; spaces and hyphens as people write them. */
const code = () => describe(text(32), 'Six digits of the authenticator, or a recovery code');

export const twoFactorSetup = named('TwoFactorSetup', shape({ password: anyPassword() }));
export const twoFactorCode = named('TwoFactorCode', shape({ code: describe(text(32), 'Six digits of the authenticator') }));
export const twoFactorEnd = named('TwoFactorEnd', shape({ password: anyPassword(), code: code() }));
export const secondFactor = named('SecondFactor', shape({ challenge: text(64), code: code() }));

export const enrolmentView = named(
  'TwoFactorEnrolment',
  shape({
    secret: describe(text(64), 'Base 32, for people who type it in'),
    uri: describe(text(1000), 'otpauth://, for a QR code'),
  }),
);
export const recoveryCodesView = named(
  'RecoveryCodes',
  shape({ recoveryCodes: describe(list(text(16), { max: 10 }), 'Each is good for one sign-in; they are shown this once') }),
);

export type TwoFactorSetup = Infer<typeof twoFactorSetup>;
export type TwoFactorCode = Infer<typeof twoFactorCode>;
export type TwoFactorEnd = Infer<typeof twoFactorEnd>;
export type SecondFactor = Infer<typeof secondFactor>;
export type EnrolmentView = Infer<typeof enrolmentView>;
export type RecoveryCodesView = Infer<typeof recoveryCodesView>;
