import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';

/** A key of AES-256 by its id. */
export interface EncryptionKey {
  /** Part of every envelope; letters, digits and hyphens. */
  readonly id: string;
  /** 32 bytes. */
  readonly key: Buffer;
}

/** Where a field lies. An envelope copied to another row, column or organization can't be opened there. */
export interface FieldPlace {
  /** The organization; in the identity plane, the user. */
  readonly owner: string;
  readonly table: string;
  readonly column: string;
  readonly rowId: string;
}

/** An envelope that can't be opened. */
export class UnreadableField extends Error {
  constructor({ table, column, rowId }: FieldPlace, why: string) {
    super(`${table}.${column} of ${rowId} can't be decrypted: ${why}`);
    this.name = new.target.name;
  }
}

/** The ring lacks the key: it comes back, or the field is lost. */
export class MissingKey extends UnreadableField {}

const VERSION = 'v1';
const ALGORITHM = 'aes-256-gcm';
/** 96 random bits, as GCM wants them: safe for 2^32 fields under one key. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Fields at rest: AES-256-GCM in the envelope `v1.<keyId>.<nonce>.<ciphertext>.<tag>`, bound to their place. Of the key ring the first
 * key encrypts and all decrypt, so that keys can be changed without a stop.
 */
export class FieldCipher {
  private readonly ring: ReadonlyMap<string, KeyObject>;
  private readonly current: string;

  constructor(keys: readonly EncryptionKey[]) {
    if (keys.length === 0) throw new Error('the key ring is empty');
    this.ring = new Map(keys.map(({ id, key }) => [id, createSecretKey(key)]));
    this.current = keys[0]!.id;
  }

  encrypt(text: string, place: FieldPlace): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.ring.get(this.current)!, nonce, { authTagLength: TAG_BYTES }).setAAD(bytesOf(place));
    const ciphertext = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return [VERSION, this.current, ...[nonce, ciphertext, cipher.getAuthTag()].map((part) => part.toString('base64url'))].join('.');
  }

  /** Nothing a caller could have prevented. @throws MissingKey, or UnreadableField when the envelope was changed or moved */
  decrypt(envelope: string, place: FieldPlace): string {
    const [version, keyId, ...parts] = envelope.split('.');
    const key = this.ring.get(keyId ?? '');
    if (version !== VERSION || parts.length !== 3) throw new UnreadableField(place, 'it is no envelope');
    if (key === undefined) throw new MissingKey(place, `its key ${keyId} is not in the key ring`);
    const [nonce, ciphertext, tag] = parts.map((part) => Buffer.from(part, 'base64url')) as [Buffer, Buffer, Buffer];
    try {
      const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES }).setAAD(bytesOf(place)).setAuthTag(tag);
      return decipher.update(ciphertext, undefined, 'utf8') + decipher.final('utf8');
    } catch {
      throw new UnreadableField(place, 'it was changed, or belongs elsewhere');
    }
  }

  /** Whether the envelope was made with the key that encrypts now. */
  isCurrent(envelope: string): boolean {
    return envelope.startsWith(`${VERSION}.${this.current}.`);
  }
}

const bytesOf = ({ owner, table, column, rowId }: FieldPlace): Buffer => Buffer.from([owner, table, column, rowId].join('|'), 'utf8');
