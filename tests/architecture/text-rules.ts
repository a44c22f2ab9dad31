import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

interface TextRule {
  readonly name: string;
  /** No line of code may match it (comments are left out) … */
  readonly forbids: RegExp;
  /** … but in these files. */
  readonly except: RegExp;
}

/** What imports can't tell. */
export const TEXT_RULES: readonly TextRule[] = [
  {
    name: 'only the configuration reads the environment',
    forbids: /\bprocess\s*\.\s*env\b|\bprocess\[|{[^}]*\benv\b[^}]*}\s*=\s*process\b|import .*\benv\b.* from 'node:process'/,
    // And the environment that PostgreSQL's programs inherit.
    except: /^src\/(config\/(config|environment-variables)|db\/embedded\/server)\.ts$/,
  },
  { name: 'only the unit of work holds the Prisma client', forbids: /\bPrismaClient\b/, except: /^src\/db\/(client|unit-of-work)\.ts$/ },
  {
    name: 'no SQL is put together from text',
    forbids: /RawUnsafe\b|\bPrisma\s*\.\s*raw\b/,
    // Names of tables and columns that PostgreSQL itself has quoted.
    except: /^src\/modules\/integrity\/invariant\.ts$/,
  },
  {
    name: 'time comes from the clock',
    forbids: /\bnew Date\(\s*\)|\bDate\.now\(/,
    // Waiting for a server is not business; the demo company's past is counted from the real today.
    except: /^src\/(kernel\/clock|db\/embedded\/join|seed\/demo)\.ts$/,
  },
  {
    name: 'hot commands are few',
    forbids: /\b[lL]ane\s*\.\s*run\(/,
    except: /^src\/modules\/orders\/(placement\.repository|number-blocks)\.ts$/,
  },
  {
    name: 'parts are put together in a module file',
    forbids: /\bnew [A-Z]\w*(Service|Repository|Queries|(?<!Abort)Controller|HotLane|UnitOfWork|EventStore)\(/,
    except: /^src\/(container\.ts|modules\/[^/]+\/[^/]+\.module\.ts|jobs\/housekeeping\.ts)$/,
  },
  { name: 'no file only passes on others', forbids: /^export \* from/, except: /^$/ },
];

export interface Source {
  /** Relative to the root, with '/'. */
  readonly file: string;
  readonly text: string;
}

/** Every hand-written source. */
export async function sources(root: string): Promise<Source[]> {
  const names = await readdir(path.join(root, 'src'), { recursive: true });
  const files = names.map((name) => `src/${name.split(path.sep).join('/')}`);
  const wanted = files.filter((file) => file.endsWith('.ts') && !file.startsWith('src/generated/'));
  return Promise.all(wanted.map(async (file) => ({ file, text: await readFile(path.join(root, file), 'utf8') })));
}

/** `rule: file:line` of every breach. */
export function breachesIn({ file, text }: Source): string[] {
  const lines = withoutComments(text).split('\n');
  return TEXT_RULES.filter(({ except }) => !except.test(file)).flatMap(({ name, forbids }) =>
    lines.flatMap((line, index) => (forbids.test(line) ? [`${name}: ${file}:${index + 1}`] : [])),
  );
}

/** Line breaks stay, so that lines keep their numbers. */
const withoutComments = (text: string): string =>
  text.replaceAll(/\/\*[\s\S]*?\*\//g, (comment) => comment.replaceAll(/[^\n]/g, '')).replaceAll(/(^|\s)\/\/.*$/gm, '$1');
