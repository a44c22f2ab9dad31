/** How one invariant fared. */
export interface Finding {
  readonly id: string;
  readonly description: string;
  /** Things looked at. */
  readonly examined: number;
  readonly violations: number;
  /** Up to five of them. */
  readonly examples: ReadonlyArray<Readonly<Record<string, unknown>>>;
}

export interface OrganizationName {
  readonly id: string;
  readonly name: string;
}

export interface OrganizationReport {
  readonly organization: OrganizationName;
  /** ISO 8601, UTC. */
  readonly checkedAt: string;
  readonly healthy: boolean;
  readonly invariants: readonly Finding[];
}

export interface IntegrityReport {
  readonly checkedAt: string;
  readonly healthy: boolean;
  /** Invariants of tables, policies and privileges. */
  readonly database: readonly Finding[];
  readonly organizations: readonly OrganizationReport[];
}

export const isHealthy = (findings: readonly Finding[]): boolean => findings.every(({ violations }) => violations === 0);
export const examinedIn = (findings: readonly Finding[]): number => findings.reduce((total, { examined }) => total + examined, 0);

/** What is wrong, for people: one text per violated invariant, with its examples. Empty when all is well. */
export function complaints({ database, organizations }: IntegrityReport): string[] {
  const told = (where: string, findings: readonly Finding[]): string[] =>
    findings
      .filter(({ violations }) => violations > 0)
      .map(({ id, description, examined, violations, examples }) =>
        [
          `${where}: ${id} ${description}: ${violations} of ${examined} violate it`,
          ...examples.map((one) => `  ${JSON.stringify(one)}`),
        ].join('\n'),
      );
  return [
    ...told('database', database),
    ...organizations.flatMap(({ organization, invariants }) => told(`${organization.name} (${organization.id})`, invariants)),
  ];
}
