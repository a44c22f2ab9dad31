import type { Call, PublicCall } from '../../http/endpoint';
import { answerPage, pageWanted } from '../../http/lists/raw-list';
import { rawJson } from '../../http/reply';
import type { CookieSessions } from './cookie-sessions';
import { INVITATION_SORTS } from './invitations.queries';
import type { InvitationsService } from './invitations.service';
import type { SignedInAnswers } from './signed-in.view';
import type { AcceptanceBody, InvitationList, InvitationParams, InvitationView, NewInvitationBody } from './users.schemas';

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

  countRequest = ({ body }: Call<{ body: NewInvitationBody }>) => this.invitations.countRequest(body.email);

  invite = async ({ body, principal }: Call<{ body: NewInvitationBody }>) => {
    const { email, role, storeIds = null, customerId = null } = body;
    return rawJson<InvitationView>(await this.invitations.invite({ inviterId: principal.userId, email, role, storeIds, customerId }));
  };

  revoke = ({ params }: Call<{ params: InvitationParams }>) => this.invitations.revoke(params.invitationId);

  accept = async ({ body, request }: PublicCall<{ body: AcceptanceBody }>) => {
    const invitation = await this.invitations.open(body.token);
    const device = this.cookies.deviceOf(request, invitation.email);
    const outcome = await this.invitations.accept(invitation, { ...body, device, userAgent: request.userAgent });
    return 'challenge' in outcome ? this.answers.challenge(outcome) : this.answers.reply(outcome, body.session);
  };
}
