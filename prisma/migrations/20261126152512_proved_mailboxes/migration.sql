-- AlterTable
ALTER TABLE "users" ADD COLUMN     "email_verified_at" TIMESTAMPTZ(6);

-- CreateIndex
CREATE INDEX "invitations_accepted_by_idx" ON "invitations"("accepted_by");

-- Accounts that an invitation made: its link was the proof.
UPDATE users u SET email_verified_at = i.accepted_at FROM invitations i
  WHERE i.accepted_by = u.id AND i.email = u.email AND i.accepted_at BETWEEN u.created_at AND u.created_at + interval '1 minute';
