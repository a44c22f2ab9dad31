/** Short and known to everybody, so it goes around the password rules; never in production. */
export const DEMO_LOGIN = { email: 'demo@example.com', password: 'demo123' } as const;

/** One of every other role, with the same password: what each may see is best seen. The clerk works in the shop only. */
export const DEMO_COLLEAGUES = [
  { email: 'manager@example.com', name: 'Morgan Manager', role: 'manager' },
  { email: 'staff@example.com', name: 'Sam Staff', role: 'staff' },
  { email: 'clerk@example.com', name: 'Chris Clerk', role: 'staff', worksIn: 'shop' },
  { email: 'viewer@example.com', name: 'Vic Viewer', role: 'viewer' },
  { email: 'customer@example.com', name: 'Casey Customer', role: 'customer' },
] as const;
