import { command, type Io } from '../../src/cli/command';
import { runCommand } from '../../src/cli/run';

const recorder = (): Io & { readonly printed: { out: string[]; err: string[] } } => {
  const printed = { out: [] as string[], err: [] as string[] };
  return { printed, out: (line) => void printed.out.push(line), err: (line) => void printed.err.push(line) };
};

const calls: unknown[] = [];
const copy = command({
  summary: 'Copy a file',
  arguments: ['FROM', 'TO'],
  options: {
    mode: { type: 'string', value: 'MODE', description: 'How', required: true },
    owner: { type: 'string', value: 'NAME', description: 'Whose' },
    force: { type: 'boolean', description: 'Over an existing file' },
  },
  run: ({ options, arguments: { FROM, TO } }) => {
    // The types tell what is there: a required text, a text or nothing, a flag.
    const mode: string = options.mode;
    const owner: string | undefined = options.owner;
    const force: boolean = options.force;
    calls.push({ FROM, TO, mode, owner, force });
    return Promise.resolve(force ? 0 : 1);
  },
});
const commands = {
  copy,
  bring: command({ summary: 'Bring', arguments: ['orders', 'FILE'], run: async ({ arguments: { FILE } }) => calls.push(FILE) }),
  fail: command({ summary: 'Fail', run: () => Promise.reject(new Error('no')) }),
};

async function run(...argv: string[]) {
  const io = recorder();
  return { code: await runCommand(commands, argv, io), ...io.printed };
}

describe('the command line', () => {
  beforeEach(() => {
    calls.length = 0;
  });

  it('hands a command its checked options and arguments, and answers its exit code', async () => {
    expect(await run('copy', 'a', 'b', '--mode', 'x', '--force')).toMatchObject({ code: 0 });
    expect(await run('copy', '--mode=x', 'a', '--owner', 'ann', '--', '-b')).toMatchObject({ code: 1 });
    expect(calls).toEqual([
      { FROM: 'a', TO: 'b', mode: 'x', owner: undefined, force: true },
      { FROM: 'a', TO: '-b', mode: 'x', owner: 'ann', force: false },
    ]);
  });

  it.each([
    [['copy', 'a', '--mode', 'x'], 'TO is missing'],
    [['copy', 'a', 'b', 'c', '--mode', 'x'], 'What is "c" for?'],
    [['copy', 'a', 'b'], '--mode MODE is missing'],
    [['copy', 'a', 'b', '--mode'], "Option '--mode <value>' argument missing"],
    [['copy', 'a', 'b', '--speed', '9'], "Unknown option '--speed'"],
  ])('says what is wrong with %j, and how it should be', async (argv, message) => {
    const { code, out, err } = await run(...argv);
    expect({ code, out }).toEqual({ code: 2, out: [] });
    expect(err.join('\n')).toContain(message);
    expect(err.join('\n')).toContain('Usage: npm run cli -- copy FROM TO --mode MODE [--owner NAME] [--force]');
    expect(calls).toEqual([]);
  });

  it('helps', async () => {
    expect(await run('--help')).toMatchObject({
      code: 0,
      out: [expect.stringContaining('  copy   Copy a file\n  bring  Bring\n  fail   Fail')],
    });
    expect(await run()).toMatchObject({ code: 2, out: [expect.stringContaining('Usage: npm run cli -- COMMAND')] });
    for (const argv of [
      ['copy', '--help'],
      ['copy', '-h'],
      ['help', 'copy'],
    ])
      expect(await run(...argv)).toMatchObject({ code: 0, out: [expect.stringContaining('  --owner NAME  Whose')] });
    expect(calls).toEqual([]);
  });

  it('wants a word that stands in the usage as it is', async () => {
    expect(await run('bring', 'orders', 'x')).toMatchObject({ code: 1 });
    expect(await run('bring', 'people', 'x')).toMatchObject({
      code: 2,
      err: [expect.stringMatching(/^"orders" belongs where "people" stands\n\nUsage: npm run cli -- bring orders FILE\n/)],
    });
    expect(calls).toEqual(['x']);
  });

  it.each(['remove', 'constructor', 'toString', '__proto__'])('knows no command "%s", nor helps with it', async (name) => {
    const unknown = { code: 2, out: [], err: [expect.stringContaining(`There is no command "${name}"`)] };
    expect(await run(name)).toMatchObject(unknown);
    expect(await run('help', name)).toMatchObject(unknown);
  });

  it('leaves the errors of a command to the caller', async () => {
    await expect(run('fail')).rejects.toThrow('no');
  });
});
