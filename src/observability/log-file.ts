import { closeSync, existsSync, fstatSync, mkdirSync, openSync } from 'node:fs';
import { appendFile, rename, stat } from 'node:fs/promises';
import path from 'node:path';
import { Writable } from 'node:stream';
import { ConfigError } from '../config/config-error';

/** Beyond it a file is put aside. */
const MOST_BYTES = 20 * 1024 * 1024;
/** The one that is written included. */
const FILES_KEPT = 10;

/**
 * Lines appended to a file, which becomes name1.log when it is full, and name2.log after that. What can't be written is lost, and told: a
 * log must hold nobody back, and is tried again with the next line. (Winston's own file stops all other logs with it when its disk is full.)
 */
export class LogFile extends Writable {
  private bytes: number;
  private isTold = false;

  /**
   * @param tell hears once of each trouble that lasts
   * @throws ConfigError when the file can't be written
   */
  constructor(
    private readonly file: string,
    private readonly tell: (error: unknown) => void,
    private readonly mostBytes = MOST_BYTES,
  ) {
    super({ decodeStrings: true });
    this.bytes = sizeOf(file);
  }

  override _write(line: Buffer, _encoding: BufferEncoding, goOn: () => void): void {
    void this.append(line).finally(goOn);
  }

  /** What has come while the last lines were written. */
  override _writev(lines: ReadonlyArray<{ readonly chunk: Buffer }>, goOn: () => void): void {
    void this.append(Buffer.concat(lines.map(({ chunk }) => chunk))).finally(goOn);
  }

  private async append(lines: Buffer): Promise<void> {
    let trouble: unknown;
    if (this.bytes >= this.mostBytes) {
      // Where it can't be put aside it grows on.
      await this.putAside().catch((error: unknown) => (trouble = error));
      this.bytes = 0;
    }
    try {
      await appendFile(this.file, lines);
      this.bytes += lines.length;
    } catch (error) {
      trouble = error;
    }
    if (trouble !== undefined && !this.isTold) this.tell(trouble);
    this.isTold = trouble !== undefined;
  }

  private async putAside(): Promise<void> {
    if (!(await stat(this.file)).isFile()) return; // a device, such as /dev/stdout
    for (let age = FILES_KEPT - 1; age > 1; age--) if (existsSync(this.aged(age - 1))) await rename(this.aged(age - 1), this.aged(age));
    await rename(this.file, this.aged(1));
  }

  private aged(age: number): string {
    const { dir, name, ext } = path.parse(this.file);
    return path.join(dir, `${name}${age}${ext}`);
  }
}

const NOT_OURS = 'LOG_FILE: this account may not write it; name a file in a folder that belongs to the account';
const IN_THE_WAY = 'LOG_FILE: a file is in the way where a folder is needed';
/** By what the operating system says. */
const PROBLEMS: ReadonlyMap<string | undefined, string> = new Map([
  ['EACCES', NOT_OURS],
  ['EPERM', NOT_OURS],
  ['EROFS', NOT_OURS],
  ['EISDIR', 'LOG_FILE is a folder; name a file in it'],
  ['ENOTDIR', IN_THE_WAY],
  ['EEXIST', IN_THE_WAY],
]);

/** Makes the file when it is missing, so that what is wrong with it ends the start and not the first line. */
function sizeOf(file: string): number {
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    const probe = openSync(file, 'a');
    const { size } = fstatSync(probe);
    closeSync(probe);
    return size;
  } catch (error) {
    const problem = PROBLEMS.get((error as NodeJS.ErrnoException).code);
    throw problem === undefined ? error : new ConfigError([problem]);
  }
}
