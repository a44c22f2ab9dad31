import { failure } from './app-error';
import { currentContext } from './context';

export class StoreForbidden extends failure('STORE_FORBIDDEN', 403, 'The membership is limited to other stores') {}

/** The stores the caller is limited to; undefined: every store of the organization. Lists are filtered by it (see db/allowed-stores). */
export const allowedStores = (): readonly string[] | undefined => currentContext().storeIds;

/** For a store of the organization that a request names or reaches. @throws StoreForbidden */
export function requireStore(storeId: string): void {
  if (allowedStores()?.includes(storeId) ?? true) return;
  throw new StoreForbidden(`Your membership is limited to other stores than ${storeId}`, { storeId });
}

/** For what concerns the organization's stores as a whole, such as making a new one. @throws StoreForbidden */
export function requireEveryStore(action: string): void {
  if (allowedStores() === undefined) return;
  throw new StoreForbidden(`${action} needs a membership that is not limited to some stores`);
}
