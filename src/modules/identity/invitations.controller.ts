import type { Call, PublicCall } from '../../http/endpoint';
import { answerPage, pageWanted } from '../../http/lists/raw-list';
import { rawJson } from '../../http/reply';
import type { CookieSessions } from './cookie-sessions';
import { INVITATION_SORTS } from './invitations.queries';
import type { InvitationsService } from './invitations.service';
import type { SignedInAnswers } from './signed-in.view';
import type { Acceptance, InvitationList, InvitationParams, InvitationView, NewInvitationBody } from './users.schemas';

export class InvitationsController {
  constructor(
    private readonly invitations: InvitationsService,
    private readonly cookies: Pick<CookieSessions, 'deviceOf'>,
    private readonly answers: SignedInAnswers,
  ) {}

  list = async ({ query }: Call<{ query: InvitationList }>) => {
    const wanted = pageWanted(query, INVITATION_SORTS);
    return answerPage<InvitationView>(await this.invitations.list(wanted), wanted);
  };

  invite = async ({ body, principal }: Call<{ body: NewInvitationBody }>) => {
    const { email, role, storeIds = null, customerId = null } = body;
    const { json } = await this.invitations.invite(principal.userId, email, { role, storeIds, customerId });
    return rawJson<InvitationView>(json, { status: 201 });
  };

  revoke = ({ params }: Call<{ params: InvitationParams }>) => this.invitations.revoke(params.invitationId);

  accept = async ({ body, request }: PublicCall<{ body: Acceptance }>) => {
    const deviceOf = (email: string) => this.cookies.deviceOf(request, email);
    const outcome = await this.invitations.accept({ ...body, deviceOf, userAgent: request.userAgent });
    return 'challenge' in outcome ? this.answers.challenge(outcome) : this.answers.reply(outcome, body.session);
  };
}
