/** What is in the address of a server, as those who connect to it read it. */

/** The login's name. A parameter goes before what stands in front of the host, as it does for node-postgres. */
export const loginOf = (url: string): string | undefined => part(url, 'user', 'username');
export const passwordOf = (url: string): string | undefined => part(url, 'password', 'password');

function part(url: string, parameter: string, field: 'username' | 'password'): string | undefined {
  const address = new URL(url);
  return address.searchParams.get(parameter) || decodeURIComponent(address[field]) || undefined;
}

/** Whether the host is this machine: nobody listens in between. */
export const isLoopback = (host: string): boolean => /^(?:(?:.+\.)?localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/i.test(host);
