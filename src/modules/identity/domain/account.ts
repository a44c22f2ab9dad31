/** A user in one of their organizations. */
export interface Account {
  readonly userId: string;
  readonly organizationId: string;
}
