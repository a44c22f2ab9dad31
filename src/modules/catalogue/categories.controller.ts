import type { Call } from '../../http/endpoint';
import { answerPage, pageWanted } from '../../http/lists/raw-list';
import { rawJson } from '../../http/reply';
import { CATEGORY_SORTS, type CategoriesQueries } from './categories.queries';
import type {
  CategoryChanges,
  CategoryList,
  CategoryParams,
  CategoryReplacement,
  CategoryTree,
  CategoryView,
  NewCategoryBody,
} from './categories.schemas';
import type { CategoriesService } from './categories.service';

export class CategoriesController {
  constructor(
    private readonly categories: CategoriesService,
    private readonly queries: CategoriesQueries,
  ) {}

  list = async ({ query }: Call<{ query: CategoryList }>) => {
    const wanted = pageWanted(query, CATEGORY_SORTS);
    return answerPage<CategoryView>(await this.queries.list(wanted), wanted);
  };

  tree = async (): Promise<CategoryTree> => ({ data: await this.queries.tree() });

  read = async ({ params }: Call<{ params: CategoryParams }>) => {
    const { json, version } = await this.queries.read(params.categoryId);
    return rawJson<CategoryView>(json, { version });
  };

  create = async ({ body, request }: Call<{ body: NewCategoryBody }>) => {
    const { id, json, version } = await this.categories.create(body);
    return rawJson<CategoryView>(json, { version, status: 201, headers: { Location: `${request.path}/${id}` } });
  };

  /** What is left out goes back to nothing, but for the code, which a category can't be without. */
  replace = async ({ params, body, expectedVersion }: Call<{ params: CategoryParams; body: CategoryReplacement }>) => {
    const change = { parentId: null, taxRateId: null, allowedUnitIds: [], ...body };
    const { json, version } = await this.categories.update(params.categoryId, change, expectedVersion);
    return rawJson<CategoryView>(json, { version });
  };

  change = async ({ params, body, expectedVersion }: Call<{ params: CategoryParams; body: CategoryChanges }>) => {
    const { json, version } = await this.categories.update(params.categoryId, body, expectedVersion);
    return rawJson<CategoryView>(json, { version });
  };

  remove = ({ params, expectedVersion }: Call<{ params: CategoryParams }>) => this.categories.remove(params.categoryId, expectedVersion);
}
