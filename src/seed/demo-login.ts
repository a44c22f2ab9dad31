/** Short and known to everybody, so it goes around the password rules; never in production. */
export const DEMO_LOGIN = { email: 'demo@example.com', password: 'demo123' } as const;
