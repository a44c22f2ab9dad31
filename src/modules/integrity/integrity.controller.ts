import type { Call } from '../../http/endpoint';
import type { Finding } from './finding';
import type { IntegrityService } from './integrity.service';

const view = ({ examples, ...finding }: Finding) => ({ ...finding, examples: examples.map((example) => ({ ...example })) });

export class IntegrityController {
  constructor(private readonly integrity: Pick<IntegrityService, 'checkOwn'>) {}

  read = async (_call: Call) => {
    const report = await this.integrity.checkOwn();
    return { ...report, organization: { ...report.organization }, invariants: report.invariants.map(view) };
  };
}
