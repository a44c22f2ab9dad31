import type { Call } from '../../http/endpoint';
import { answerPage, pageWanted } from '../../http/lists/raw-list';
import { rawJson } from '../../http/reply';
import type { TaxRateInput, TaxRateList, TaxRateParams, TaxRateView } from './organization.schemas';
import { TAX_RATE_SORTS, type TaxRatesQueries } from './tax-rates.queries';
import type { TaxRatesService } from './tax-rates.service';

export class TaxRatesController {
  constructor(
    private readonly taxRates: TaxRatesService,
    private readonly queries: TaxRatesQueries,
  ) {}

  list = async ({ query }: Call<{ query: TaxRateList }>) => {
    const wanted = pageWanted(query, TAX_RATE_SORTS);
    return answerPage<TaxRateView>(await this.queries.list(wanted), wanted);
  };

  create = async ({ body, request }: Call<{ body: TaxRateInput }>) => {
    const { id, json, version } = await this.taxRates.create(body);
    return rawJson<TaxRateView>(json, { version, status: 201, headers: { Location: `${request.path}/${id}` } });
  };

  replace = async ({ params, body, expectedVersion }: Call<{ params: TaxRateParams; body: TaxRateInput }>) => {
    const { json, version } = await this.taxRates.replace(params.taxRateId, body, expectedVersion);
    return rawJson<TaxRateView>(json, { version });
  };

  remove = ({ params, expectedVersion }: Call<{ params: TaxRateParams }>) => this.taxRates.remove(params.taxRateId, expectedVersion);
}
