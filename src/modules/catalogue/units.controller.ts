import type { Call } from '../../http/endpoint';
import { answerPage, pageWanted } from '../../http/lists/raw-list';
import { rawJson } from '../../http/reply';
import { Decimal } from '../../kernel/decimal';
import { UNIT_SORTS, type UnitsQueries } from './units.queries';
import type { ConversionQuery, ConversionView, NewUnit, UnitList, UnitParams, UnitReplacement, UnitView } from './units.schemas';
import type { Unit, UnitsService } from './units.service';

export class UnitsController {
  constructor(
    private readonly units: UnitsService,
    private readonly queries: UnitsQueries,
  ) {}

  list = async ({ query }: Call<{ query: UnitList }>) => {
    const wanted = pageWanted(query, UNIT_SORTS);
    return answerPage<UnitView>(await this.queries.list(wanted), wanted);
  };

  create = async ({ body, request }: Call<{ body: NewUnit }>) => {
    const { id, json, version } = await this.units.create({ factor: '1', isWhole: false, ...body });
    return rawJson<UnitView>(json, { version, status: 201, headers: { Location: `${request.path}/${id}` } });
  };

  replace = async ({ params, body, expectedVersion }: Call<{ params: UnitParams; body: UnitReplacement }>) => {
    const { json, version } = await this.units.replace(params.unitId, body, expectedVersion);
    return rawJson<UnitView>(json, { version });
  };

  remove = ({ params, expectedVersion }: Call<{ params: UnitParams }>) => this.units.remove(params.unitId, expectedVersion);

  convert = async ({ query }: Call<{ query: ConversionQuery }>): Promise<ConversionView> => {
    const { from, to, quantity, converted } = await this.units.convert({ ...query, quantity: new Decimal(query.quantity) });
    return { from: summaryOf(from), to: summaryOf(to), quantity: quantity.toFixed(), result: converted.toFixed() };
  };
}

const summaryOf = ({ id, code, name, isWhole }: Unit): ConversionView['from'] => ({ id, code, name, isWhole });
