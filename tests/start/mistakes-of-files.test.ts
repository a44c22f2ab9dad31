/* Files and folders that can't be used: the server says which variable names them, and what to do. */
import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { generateSecrets } from '../../src/config/development-secrets';
import { explain } from '../../src/process/explain';
import { attemptStart, itAsOutsider, OUTSIDER } from './attempt';
import { owner, prepareStart, refusedWith, site } from './mistaken-start';

prepareStart();

/** One that other accounts may look into. */
function folderForAll(): string {
  const folder = mkdtempSync(path.join(site.dataDir(), 'for-all-'));
  chmodSync(site.dataDir(), 0o755);
  chmodSync(folder, 0o755);
  return folder;
}

describe('LOG_FILE', () => {
  itAsOutsider('in a folder of somebody else, below a file, or a folder: told by its name, without a stack', async () => {
    const folder = folderForAll();
    const file = path.join(folder, 'file');
    writeFileSync(file, '');
    const env = { NODE_ENV: 'test', ...owner(), ...generateSecrets() };
    for (const [name, problem] of [
      [path.join(folder, 'x.log'), 'LOG_FILE: this account may not write it; name a file in a folder that belongs to the account'],
      [path.join(folder, 'no/such/x.log'), 'LOG_FILE: this account may not write it; name a file in a folder that belongs to the account'],
      [path.join(file, 'x.log'), 'LOG_FILE: a file is in the way where a folder is needed'],
      [folder, 'LOG_FILE is a folder; name a file in it'],
    ] as const) {
      if (OUTSIDER.uid === undefined) chmodSync(folder, 0o555);
      const { code, output } = await attemptStart({ ...env, LOG_FILE: name }, 'dist/main.js', undefined, OUTSIDER);
      expect([name, code, output]).toEqual([name, 1, `The configuration can't be used:\n  - ${problem}\n`]);
    }
    chmodSync(folder, 0o755);
  });
});

describe('a damaged DATA_DIR', () => {
  const damaged = (file: string, text: string): string => {
    const folder = mkdtempSync(path.join(site.dataDir(), 'damaged-'));
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
    return folder;
  };

  it.each([
    ['cut off', '{"JWT_SECRET": "x'],
    ['empty', ''],
    ['without its keys', '{}'],
    ['null', 'null'],
    ['with keys that are none', JSON.stringify({ ...generateSecrets(), ENCRYPTION_KEYS: 'k1:x' })],
  ])('secrets.json is %s', async (_what, text) => {
    const folder = damaged('secrets.json', text);
    expect(await refusedWith({ ...owner(), DATA_DIR: folder })).toBe(
      `${folder}/secrets.json is damaged: JWT_SECRET, PASSWORD_PEPPER and ENCRYPTION_KEYS have to be in it as JSON. Put it back from a copy; ` +
        'or remove it to get new ones, and no password made before is right.',
    );
  });

  it('it is a file, or below one', async () => {
    const file = path.join(damaged('data', ''), 'data');
    const sentence = `A file is in the way where a folder is needed: ${file}. Move it away, or set DATA_DIR to another folder.`;
    for (const folder of [file, path.join(file, 'below')]) {
      expect(await refusedWith({ ...owner(), DATA_DIR: folder })).toBe(sentence);
      expect(await refusedWith({ DATA_DIR: folder, ...generateSecrets() })).toBe(sentence);
    }
  });

  it('the password of the embedded PostgreSQL is empty: without waiting for it, with data and without', async () => {
    const folder = damaged('postgres-password', '\n');
    expect(await refusedWith({ DATA_DIR: folder })).toBe(`${folder}/postgres-password is empty. Remove it, and a new one is made.`);
    mkdirSync(path.join(folder, 'postgres'));
    writeFileSync(path.join(folder, 'postgres', 'PG_VERSION'), '18\n');
    expect(await refusedWith({ DATA_DIR: folder })).toBe(
      `${folder}/postgres-password is missing or empty, without it ${folder}/postgres can't be opened. Put it back, or remove both to start anew.`,
    );
  });
});

describe('what the operating system refuses', () => {
  const refused = (fields: object): string => explain(Object.assign(new Error('no'), fields));

  it.each(['EACCES', 'EPERM', 'EROFS'])('a folder of somebody else: %s', (code) => {
    expect(refused({ code, syscall: 'open', path: '.data/secrets.json' })).toBe(
      'This account may not open .data/secrets.json. Another account made it, perhaps root: run as that one, ' +
        'give this one the folder (sudo chown -R "$(id -un)" FOLDER), or, if it is in DATA_DIR, set that to another folder.',
    );
  });

  it('a folder that is not there yet, in one that is somebody else’s', () => {
    expect(refused({ code: 'EACCES', syscall: 'mkdir', path: path.join(site.dataDir(), 'no', 'such') })).toBe(
      `This account may not make ${site.dataDir()}/no/such: it can't write in ${site.dataDir()}. Make it for this account, or set DATA_DIR to another folder.`,
    );
  });

  it('a port below 1024, a full disk', () => {
    expect(refused({ code: 'EACCES', syscall: 'listen', port: 80 })).toBe(
      'Port 80 needs more rights than this account has. Choose one above 1023: PORT=3000',
    );
    expect(refused({ code: 'EADDRINUSE', syscall: 'listen', port: 65_535 })).toBe(
      'Port 65535 is taken by another program. Stop it, or choose another one: PORT=65534',
    );
    expect(refused({ code: 'ENOSPC', syscall: 'write' })).toBe('The disk is full.');
  });

  it('a mistake of ours keeps its stack', () => {
    expect(refused({})).toContain('mistakes-of-files.test.ts');
    expect(explain('just text')).toBe('just text');
  });
});
