import type { SidecarPart } from "./lifecycle.ts";

/** Milliseconds for connections to end when their server stops. */
const CLOSE_LIMIT = 2_000;

interface Server {
  stop(milliseconds: number): Promise<void>;
}

/** Something that listens from the start to the stop. */
export function listeningPart(name: string, listen: () => Promise<Server>): SidecarPart {
  let server: Server | undefined;
  return {
    name,
    start: async () => {
      server = await listen();
    },
    stop: () => server?.stop(CLOSE_LIMIT),
  };
}
