export interface WelcomeFacts {
  readonly host: string;
  readonly port: number;
  readonly demo: { readonly email: string; readonly password: string } | undefined;
}

/** As it is written in a URL, for somebody at this machine. */
function nameOf(host: string): string {
  if (['0.0.0.0', '::', '127.0.0.1'].includes(host)) return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}

/** What a person reads after `npm start`: where things are, and a first request to paste. */
export function welcome({ host, port, demo }: WelcomeFacts): string {
  const at = `http://${nameOf(host)}:${port}`;
  const lines = ['', `  Quartermaster is ready.`, '', `  API      ${at}/api/v1`, `  Docs     ${at}/api/docs`, `  Health   ${at}/health`];
  if (demo)
    lines.push(
      `  Login    ${demo.email} / ${demo.password} (admin of the demo company)`,
      '',
      '  A first request:',
      `    TOKEN=$(curl -s ${at}/api/v1/auth/login -H 'Content-Type: application/json' \\`,
      `      -d '{"email":"${demo.email}","password":"${demo.password}"}' | sed 's/.*"accessToken":"\\([^"]*\\)".*/\\1/')`,
      `    curl -s ${at}/api/v1/orders?pageSize=3 -H "Authorization: Bearer $TOKEN"`,
    );
  else lines.push('', '  Register: POST /api/v1/auth/register { "email", "password", "name" }');
  return `${lines.join('\n')}\n\n`;
}
