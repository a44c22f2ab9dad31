import {
  complaints,
  integrityCheck,
  NothingExamined,
  type IntegrityDependencies,
  type IntegrityReport,
} from '../../modules/integrity/integrity.module';
import { command, type Io } from '../command';
import { withContainer } from '../with-database';

export const integrity = command({
  summary: 'Check every invariant on the data of every organization; exit code 1 when one is violated',
  options: {
    organization: { type: 'string', value: 'NAME', description: 'Only organizations of this name' },
    json: { type: 'boolean', description: 'The whole report as JSON' },
  },
  run: ({ options, io }) => withContainer((container) => checkIntegrity(container, options, io)),
});

/** Prints the report; the exit code is 1 when something is violated, or nothing was there to look at. */
export async function checkIntegrity(
  dependencies: IntegrityDependencies,
  { organization, json }: { readonly organization: string | undefined; readonly json: boolean },
  io: Io,
): Promise<number> {
  try {
    const report = await integrityCheck(dependencies, organization);
    io.out(json ? JSON.stringify(report, null, 2) : describe(report));
    return report.healthy ? 0 : 1;
  } catch (error) {
    if (!(error instanceof NothingExamined)) throw error;
    io.err(error.message);
    return 1;
  }
}

function describe(report: IntegrityReport): string {
  const findings = [...report.database, ...report.organizations.flatMap(({ invariants }) => invariants)];
  const examined = findings.reduce((total, finding) => total + finding.examined, 0);
  const wrong = complaints(report);
  const summary = `Organizations: ${report.organizations.length}. Checks: ${findings.length}. Things examined: ${examined}. Invariants violated: ${wrong.length}.`;
  return [...wrong, summary].join('\n');
}
