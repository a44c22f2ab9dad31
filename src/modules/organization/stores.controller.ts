import type { Call } from '../../http/endpoint';
import { answerPage, pageWanted } from '../../http/lists/raw-list';
import { rawJson } from '../../http/reply';
import { storedAddress, type Address, type AddressInput } from '../../kernel/address';
import type { NewStore, StoreChangesBody, StoreList, StoreParams, StoreView } from './organization.schemas';
import { STORE_SORTS, type StoresQueries } from './stores.queries';
import type { StoresService } from './stores.service';

export class StoresController {
  constructor(
    private readonly stores: StoresService,
    private readonly queries: StoresQueries,
  ) {}

  list = async ({ query }: Call<{ query: StoreList }>) => {
    const wanted = pageWanted(query, STORE_SORTS);
    return answerPage<StoreView>(await this.queries.list(wanted), wanted);
  };

  create = async ({ body, request }: Call<{ body: NewStore }>) => {
    const { id, json, version } = await this.stores.create({ ...body, address: complete(body.address ?? null) });
    return rawJson<StoreView>(json, { version, status: 201, headers: { Location: `${request.path}/${id}` } });
  };

  read = async ({ params }: Call<{ params: StoreParams }>) => {
    const { json, version } = await this.queries.read(params.storeId);
    return rawJson<StoreView>(json, { version });
  };

  change = async ({ params, body, expectedVersion }: Call<{ params: StoreParams; body: StoreChangesBody }>) => {
    const { address, ...rest } = body;
    const changes = address === undefined ? rest : { ...rest, address: complete(address) };
    const { json, version } = await this.stores.change(params.storeId, changes, expectedVersion);
    return rawJson<StoreView>(json, { version });
  };

  remove = ({ params, expectedVersion }: Call<{ params: StoreParams }>) => this.stores.remove(params.storeId, expectedVersion);
}

const complete = (address: AddressInput | null): Address | null => (address === null ? null : storedAddress(address));
