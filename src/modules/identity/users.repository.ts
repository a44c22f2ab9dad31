import type { UnitOfWork } from '../../db/unit-of-work';
import { Prisma } from '../../generated/prisma/client';
import { currentOrganizationId } from '../../kernel/context';
import type { Role } from '../../kernel/permissions';

export interface NewUserRow {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly passwordHash: string;
  /** When a mailed link proved that the user reads the mailbox; null: nothing did. */
  readonly emailVerifiedAt: Date | null;
}

/** A password as it is kept. */
export interface StoredPassword {
  readonly passwordHash: string;
  /** Raised with every new password, and not when the same one is hashed anew: it tells whether a password is still the one that was compared. */
  readonly passwordVersion: number;
}

/** What signing in needs to know of an account that may sign in. */
export interface Credentials extends StoredPassword {
  readonly userId: string;
  /** The organization that was named, else the user's default one. */
  readonly organizationId: string;
}

/** An account that is not disabled, whether or not it may sign in to an organization now. */
export interface KnownAccount extends StoredPassword {
  readonly userId: string;
  readonly name: string;
  /** Whether a mailed link proved that the user reads the mailbox. */
  readonly isVerified: boolean;
  /** The user's default organization; null when there is none left. */
  readonly organizationId: string | null;
}

/**
 * Order of the memberships `m` of a user, the default one in front: the one last joined by an invitation, which the user chose; else the
 * oldest. Anybody can make an account for an address in an organization of their own, so the oldest one alone would be theirs to choose.
 */
export const DEFAULT_FIRST = Prisma.sql`(SELECT max(i.accepted_at) FROM invitations i WHERE i.accepted_by = m.user_id AND i.organization_id = m.organization_id)
  DESC NULLS LAST, m.created_at, m.organization_id`;

/** A user as a member of the organization at hand. */
export interface Profile {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly version: number;
  readonly passwordVersion: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** Whether signing in takes a second factor. */
  readonly twoFactor: boolean;
  readonly organization: { readonly id: string; readonly name: string; readonly currency: string; readonly timeZone: string };
  /** Those the user may sign in to, the one joined first in front. */
  readonly organizations: ReadonlyArray<{ readonly id: string; readonly name: string; readonly role: Role }>;
}

/** Users and memberships: identity plane. */
export class UsersRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** False when somebody has the address; waits for those who are registering it at the same moment. */
  async insert({ id, email, name, passwordHash, emailVerifiedAt }: NewUserRow, now: Date): Promise<boolean> {
    const inserted = await this.unitOfWork.transaction.$executeRaw`
      INSERT INTO users (id, email, name, password_hash, email_verified_at, created_at, updated_at)
      VALUES (${id}::uuid, ${email}, ${name}, ${passwordHash}, ${emailVerifiedAt}, ${now}, ${now}) ON CONFLICT (email) DO NOTHING`;
    return inserted === 1;
  }

  /** Of the user in an organization; in the default one when none is named. Undefined for an unknown address and for accounts that may not sign in. */
  async credentials(email: string, organizationId?: string): Promise<Credentials | undefined> {
    const [row] = await this.unitOfWork.client.$queryRaw<Credentials[]>`
      SELECT u.id::text AS "userId", u.password_hash AS "passwordHash", u.password_version AS "passwordVersion", m.organization_id::text AS "organizationId"
      FROM users u JOIN memberships m ON m.user_id = u.id AND m.disabled_at IS NULL
      WHERE u.email = ${email} AND u.disabled_at IS NULL AND m.organization_id = coalesce(${organizationId ?? null}::uuid, m.organization_id)
      ORDER BY ${DEFAULT_FIRST} LIMIT 1`;
    return row;
  }

  /** Undefined for an unknown address and for disabled users. */
  async account(email: string): Promise<KnownAccount | undefined> {
    const [row] = await this.unitOfWork.client.$queryRaw<KnownAccount[]>`
      SELECT u.id::text AS "userId", u.name, u.password_hash AS "passwordHash", u.password_version AS "passwordVersion", u.email_verified_at IS NOT NULL AS "isVerified", (
        SELECT m.organization_id::text FROM memberships m WHERE m.user_id = u.id AND m.disabled_at IS NULL
        ORDER BY ${DEFAULT_FIRST} LIMIT 1) AS "organizationId"
      FROM users u WHERE u.email = ${email} AND u.disabled_at IS NULL`;
    return row;
  }

  /** Whether the password that was just compared is still the user's: hashing took a while. Holds it until the unit ends. */
  async stillHas({ userId, passwordVersion }: Credentials): Promise<boolean> {
    const rows = await this.unitOfWork.transaction.$queryRaw<unknown[]>`
      SELECT 1 FROM users WHERE id = ${userId}::uuid AND password_version = ${passwordVersion} AND disabled_at IS NULL FOR SHARE`;
    return rows.length === 1;
  }

  /** Raised with every new password; undefined for an unknown address. */
  async passwordVersion(email: string): Promise<number | undefined> {
    const user = await this.unitOfWork.client.user.findFirst({ where: { email }, select: { passwordVersion: true } });
    return user?.passwordVersion;
  }

  /** The same password under another hash, unless it was replaced meanwhile. For the user nothing changes, sessions and sign-ins under way go on. */
  async renewHash(userId: string, from: string, to: string): Promise<void> {
    await this.unitOfWork.client.user.updateMany({ where: { id: userId, passwordHash: from }, data: { passwordHash: to } });
  }

  async password(userId: string): Promise<StoredPassword | undefined> {
    const user = await this.unitOfWork.client.user.findFirst({
      where: { id: userId },
      select: { passwordHash: true, passwordVersion: true },
    });
    return user ?? undefined;
  }

  /** False when the user is disabled, or has another password than the one that was just compared. */
  async lock(userId: string, passwordVersion?: number): Promise<boolean> {
    const same = passwordVersion === undefined ? Prisma.empty : Prisma.sql`AND password_version = ${passwordVersion}`;
    const rows = await this.unitOfWork.transaction.$queryRaw<unknown[]>`
      SELECT 1 FROM users WHERE id = ${userId}::uuid AND disabled_at IS NULL ${same} FOR NO KEY UPDATE`;
    return rows.length === 1;
  }

  /** Holds a user whose mailbox nobody has proved to read. False when it was proved meanwhile, or the user is disabled. */
  async lockUnverified(userId: string): Promise<boolean> {
    const rows = await this.unitOfWork.transaction.$queryRaw<unknown[]>`
      SELECT 1 FROM users WHERE id = ${userId}::uuid AND disabled_at IS NULL AND email_verified_at IS NULL FOR NO KEY UPDATE`;
    return rows.length === 1;
  }

  /** A mailed link of the user was used. True when that was the first proof. */
  async verifyEmail(userId: string, now: Date): Promise<boolean> {
    const { count } = await this.unitOfWork.transaction.user.updateMany({
      where: { id: userId, emailVerifiedAt: null },
      data: { emailVerifiedAt: now },
    });
    return count === 1;
  }

  /** Of a user who is locked. Answers the new version, and whom to tell. */
  async setPassword(userId: string, passwordHash: string, now: Date): Promise<Pick<Profile, 'version' | 'email' | 'name'>> {
    const [row] = await this.unitOfWork.transaction.$queryRaw<Array<Pick<Profile, 'version' | 'email' | 'name'>>>`
      UPDATE users SET password_hash = ${passwordHash}, password_version = password_version + 1, version = version + 1, updated_at = ${now} WHERE id = ${userId}::uuid RETURNING version, email, name`;
    return row!;
  }

  profile(userId: string): Promise<Profile> {
    return this.readProfile(userId, Prisma.empty);
  }

  lockProfile(userId: string): Promise<Profile> {
    return this.readProfile(userId, Prisma.sql`FOR NO KEY UPDATE OF u`);
  }

  async saveProfile(userId: string, changes: { readonly name: string; readonly version: number }, now: Date): Promise<void> {
    await this.unitOfWork.transaction.user.updateMany({ where: { id: userId }, data: { ...changes, updatedAt: now } });
  }

  private async readProfile(userId: string, locking: Prisma.Sql): Promise<Profile> {
    const [row] = await this.unitOfWork.client.$queryRaw<
      Array<Omit<Profile, 'organization'> & { organizationName: string; currency: string; timeZone: string }>
    >`
      SELECT u.id::text, u.email, u.name, m.role, u.version, u.password_version AS "passwordVersion", u.created_at AS "createdAt", u.updated_at AS "updatedAt",
             EXISTS (SELECT FROM two_factors f WHERE f.user_id = u.id AND f.enabled_at IS NOT NULL) AS "twoFactor",
             o.name AS "organizationName", o.currency, o.time_zone AS "timeZone",
             (SELECT jsonb_agg(jsonb_build_object('id', a.id, 'name', a.name, 'role', am.role) ORDER BY am.created_at, a.id)
              FROM memberships am JOIN organizations a ON a.id = am.organization_id WHERE am.user_id = u.id AND am.disabled_at IS NULL) AS organizations
      FROM users u
      JOIN memberships m ON m.user_id = u.id AND m.organization_id = ${currentOrganizationId()}::uuid
      JOIN organizations o ON o.id = m.organization_id
      WHERE u.id = ${userId}::uuid ${locking}`;
    if (!row) throw new Error('a signed-in user is no member of the organization');
    const { organizationName, currency, timeZone, ...user } = row;
    return { ...user, organization: { id: currentOrganizationId(), name: organizationName, currency, timeZone } };
  }
}
