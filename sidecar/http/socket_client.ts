/** A client whose requests all go to the server on a Unix socket. Close it after use. */
export function socketClient(path: string): Deno.HttpClient {
  return Deno.createHttpClient({ proxy: { transport: "unix", path }, poolIdleTimeout: 5_000 });
}
