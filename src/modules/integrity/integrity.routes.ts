import { get, type AnyEndpoint } from '../../http/endpoint';
import type { IntegrityController } from './integrity.controller';
import { NothingExamined } from './integrity.errors';
import { integrityReport } from './integrity.schemas';

export const integrityRoutes = (integrity: IntegrityController): AnyEndpoint[] => [
  get(
    '/integrity',
    {
      operationId: 'checkIntegrity',
      summary: "Check every invariant on the organization's data",
      description:
        'Looks at every row in one read-only snapshot, so it takes its time on much data. Violations are no fault of the request: the answer is 200 with `healthy: false`.',
      tag: 'Platform',
      allow: 'integrity:read',
      returns: integrityReport,
      fails: [NothingExamined],
    },
    integrity.read,
  ),
];
