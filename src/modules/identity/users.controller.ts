import type { Call } from '../../http/endpoint';
import { answerPage, pageWanted } from '../../http/lists/raw-list';
import { rawJson } from '../../http/reply';
import type { AccountsService } from './accounts.service';
import { MEMBER_SORTS, type MembersQueries } from './members.queries';
import type { MembershipsService } from './memberships.service';
import type { MemberChangesBody, MemberList, MemberView, NewMemberBody, UserParams } from './users.schemas';

export class UsersController {
  constructor(
    private readonly accounts: Pick<AccountsService, 'addMember'>,
    private readonly memberships: Pick<MembershipsService, 'change' | 'remove'>,
    private readonly members: MembersQueries,
  ) {}

  list = async ({ query }: Call<{ query: MemberList }>) => {
    const wanted = pageWanted(query, MEMBER_SORTS);
    return answerPage<MemberView>(await this.members.list(wanted), wanted);
  };

  create = async ({ body, request }: Call<{ body: NewMemberBody }>) => {
    const id = await this.accounts.addMember(body);
    const { json, version } = await this.members.read(id);
    return rawJson<MemberView>(json, { version, status: 201, headers: { Location: `${request.path}/${id}` } });
  };

  read = async ({ params }: Call<{ params: UserParams }>) => {
    const { json, version } = await this.members.read(params.userId);
    return rawJson<MemberView>(json, { version });
  };

  change = async ({ params, body, expectedVersion }: Call<{ params: UserParams; body: MemberChangesBody }>) => {
    const { json, version } = await this.memberships.change(params.userId, body, expectedVersion);
    return rawJson<MemberView>(json, { version });
  };

  remove = ({ params, expectedVersion }: Call<{ params: UserParams }>) => this.memberships.remove(params.userId, expectedVersion);
}
