import { randomFillSync } from 'node:crypto';
import { V7Generator } from 'uuidv7';

/** Random numbers are fetched a few hundred at a time: a call for each id costs more than the rest of making it. */
const random = new Uint32Array(512);
let used = random.length;
const generator = new V7Generator({
  nextUint32: () => {
    if (used === random.length) {
      randomFillSync(random);
      used = 0;
    }
    return random[used++]!;
  },
});

/** A UUIDv7 in lower case, made in the application (PostgreSQL has its own only from 18 on). Ascending within this process. */
export const newId = (): string => generator.generate().toString();

/** In the lower-case form this system writes. */
export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
export const isId = (text: string): boolean => UUID.test(text);
