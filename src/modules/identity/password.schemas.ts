import { email, named, shape, text, type Infer } from '../../http/fields/fields';
import { anyPassword, newPassword } from './identity.schemas';

export const forgottenPassword = named('ForgottenPassword', shape({ email: email() }));
export const forgottenPasswordView = named('ForgottenPasswordAnswer', shape({ message: text(300) }));
export const passwordReset = named('PasswordReset', shape({ token: text(256), password: newPassword() }));
export const passwordChange = named('PasswordChange', shape({ currentPassword: anyPassword(), newPassword: newPassword() }));

export type ForgottenPassword = Infer<typeof forgottenPassword>;
export type PasswordResetBody = Infer<typeof passwordReset>;
export type PasswordChange = Infer<typeof passwordChange>;
