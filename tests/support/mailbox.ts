import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A mail as the application wrote it down. */
export interface WrittenMail {
  /** From its file's name, such as `password-reset`. */
  readonly kind: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** The token of the link in it; empty when there is none. */
  readonly token: string;
}

export interface Mailbox {
  /** DATA_DIR of the application. */
  readonly dataDir: string;
  /** What was written to an address, oldest first. Let the application settle before. */
  of(address: string): Promise<WrittenMail[]>;
  remove(): Promise<void>;
}

export async function temporaryMailbox(): Promise<Mailbox> {
  const dataDir = await mkdtemp(join(tmpdir(), 'quartermaster-mailbox-'));
  const folder = join(dataDir, 'mailbox');
  return {
    dataDir,
    of: async (address) => {
      const names = await readdir(folder).catch(() => []);
      const mails = await Promise.all(
        names.map(async (name) => {
          const file = join(folder, name);
          // The application's clock may stand still; the file system's does not.
          const { mtimeNs } = await stat(file, { bigint: true });
          return { mtimeNs, mail: parse(name, await readFile(file, 'utf8')) };
        }),
      );
      const inOrder = mails.sort((a, b) => (a.mtimeNs < b.mtimeNs ? -1 : 1));
      return inOrder.flatMap(({ mail }) => (mail.to === address ? [mail] : []));
    },
    remove: () => rm(dataDir, { recursive: true, force: true }),
  };
}

function parse(name: string, raw: string): WrittenMail {
  const end = raw.indexOf('\n\n');
  const header = (field: string): string => new RegExp(`^${field}: (.*)$`, 'm').exec(raw.slice(0, end))?.[1] ?? '';
  const text = raw.slice(end + 2);
  return {
    kind: /Z-(.+)-[0-9a-f]{8}\.eml$/.exec(name)?.[1] ?? '',
    to: header('To'),
    subject: header('Subject'),
    text,
    token: /#token=([\w-]+)/.exec(text)?.[1] ?? '',
  };
}
