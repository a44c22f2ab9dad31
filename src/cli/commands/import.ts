import { access, constants, stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { IANAZone } from 'luxon';
import type { Container } from '../../container';
import { InvalidInput } from '../../kernel/common-errors';
import { asOrganization } from '../../kernel/context';
import { assertSameCurrency, isCurrency } from '../../kernel/money';
import { mappingFrom, reportText, SHIPPED_MAPPINGS, type ImportProgress } from '../../modules/import/import.module';
import { command, UsageError, type Io } from '../command';
import { withContainer } from '../with-database';

/** How long to wait for another import: one that was killed lets go at once, but the database may still be at its last statement. */
const PATIENCE_MS = 10_000;
const PROGRESS_MS = 1_000;

interface Wanted {
  readonly file: string;
  readonly mapping: string;
  readonly organization: string;
  readonly rejects: string | undefined;
  readonly currency: string | undefined;
  readonly timeZone: string | undefined;
}

export const importCommand = command({
  summary: 'Import a file of historical orders; run again, it goes on where it stopped, or changes nothing',
  arguments: ['orders', 'FILE'],
  options: {
    mapping: {
      type: 'string',
      value: 'MAP',
      required: true,
      description: `How to read the file: ${SHIPPED_MAPPINGS.join(', ')}, or the path of a mapping`,
    },
    organization: { type: 'string', value: 'NAME', required: true, description: 'Name or id of the organization; made when there is none' },
    rejects: { type: 'string', value: 'FILE', description: 'Rejected rows with their reasons, to be mended and imported again' },
    currency: { type: 'string', value: 'GBP', description: "Of an organization that is made: the mapping's currency, else USD" },
    'time-zone': { type: 'string', value: 'ZONE', description: "Of an organization that is made: the mapping's time zone" },
  },
  run: async ({ options, arguments: { FILE }, io }) => {
    const { mapping, organization, rejects, currency, 'time-zone': timeZone } = options;
    if (rejects !== undefined && resolve(rejects) === resolve(FILE)) throw new UsageError('--rejects must not be the file itself');
    // Before anything is started or made for it.
    await access(FILE, constants.R_OK);
    if (!(await stat(FILE)).isFile())
      throw new InvalidInput(`${FILE} is no file: it is read twice, so neither a folder nor a pipe will do`);
    if (rejects !== undefined) await assertPlaceFor(rejects);
    return withContainer((container) => importOrders(container, { file: FILE, mapping, organization, rejects, currency, timeZone }, io));
  },
});

async function assertPlaceFor(rejects: string): Promise<void> {
  await access(dirname(resolve(rejects)), constants.W_OK);
  const there = await stat(rejects).catch(() => undefined);
  if (there?.isDirectory() === true) throw new InvalidInput(`${rejects} is a folder: --rejects names a file in it`);
}

/** Exit code 0 when every row is accounted for and none was rejected. */
async function importOrders({ modules }: Pick<Container, 'modules'>, wanted: Wanted, io: Io): Promise<number> {
  const mapping = await mappingFrom(wanted.mapping);
  const currency = wanted.currency ?? mapping.currency;
  if (currency !== undefined && !isCurrency(currency)) throw new InvalidInput(`${currency} is no currency`);
  const timeZone = wanted.timeZone ?? mapping.date.timeZone;
  if (!IANAZone.isValidZone(timeZone)) throw new InvalidInput(`${timeZone} is no IANA time zone`);
  if (wanted.currency !== undefined && mapping.currency !== undefined) assertSameCurrency(mapping.currency, wanted.currency);
  const { service } = modules.imports;
  const startedAt = performance.now();
  // A file that can't be read leaves no empty organization behind.
  const survey = await service.survey({ path: wanted.file, mapping });
  const { id, made } = await modules.organization.organizations.findOrFound({ name: wanted.organization, currency, timeZone });
  io.err(`${made ? 'made' : 'found'} the organization ${wanted.organization} (${id})`);
  const tell = progressLines(io);
  const { report, repeated } = await asOrganization(id, () =>
    service.importFile({
      path: wanted.file,
      fileName: basename(wanted.file),
      mapping,
      survey,
      currency: wanted.currency,
      rejectsPath: wanted.rejects,
      onGroup: (_documents, progress) => tell(progress),
      patienceMs: PATIENCE_MS,
    }),
  );
  io.err(`done in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
  if (repeated) io.err('This file was completely imported before; nothing was written.');
  io.out(reportText(report));
  return report.balanced && report.verdicts.rejected === 0 && Object.keys(report.reasons).length === 0 ? 0 : 1;
}

/** A line now and then, and one at the end. */
function progressLines(io: Io): (progress: ImportProgress) => void {
  let last = 0;
  return ({ rows, totalRows, documents, totalDocuments }) => {
    const now = performance.now();
    if (now - last < PROGRESS_MS && rows < totalRows) return;
    last = now;
    io.err(
      `${Math.floor((rows * 100) / Math.max(totalRows, 1))} %: ${rows} of ${totalRows} rows, ${documents} of ${totalDocuments} documents`,
    );
  };
}
