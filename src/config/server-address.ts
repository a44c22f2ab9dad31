import Joi from 'joi';

/**
 * The address of a server, with the login in it.
 * @param example shows the form to somebody whose address can't be read
 * @param schemes without the colon
 */
export function serverAddress(example: string, ...schemes: readonly string[]): Joi.StringSchema {
  const uri = Joi.string().uri({ scheme: [...schemes] });
  return Joi.string()
    .custom((text: string, { error }) => (uri.validate(text).error === undefined && isReadable(text) ? text : error('address')))
    .message(`{#label} must be like ${example}, with @ : / # % in the password written as %40 %3A %2F %23 %25`);
}

/** A / or # in a password ends the host before the login is over: what comes then holds the @ and the real host. */
function isReadable(text: string): boolean {
  if (!text.includes('://') || !URL.canParse(text)) return false;
  const { username, password, pathname, hash } = new URL(text);
  return hash === '' && !pathname.includes('@') && [username, password, pathname].every(canBeDecoded);
}

function canBeDecoded(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
