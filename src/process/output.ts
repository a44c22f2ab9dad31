/**
 * Without a listener the end of whoever reads us (`| head`), or a full disk behind a redirection, would end the process in the middle of
 * its work.
 */
export function onLostOutput(handle: (error: NodeJS.ErrnoException) => void): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', handle);
}
