import { uuidv7 } from 'uuidv7';

/** A UUIDv7 in lower case, made in the application (PostgreSQL has its own only from 18 on). Ascending within this process. */
export const newId = (): string => uuidv7();

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** Whether the text is a UUID in the lower-case form this system writes. */
export const isId = (text: string): boolean => uuid.test(text);
