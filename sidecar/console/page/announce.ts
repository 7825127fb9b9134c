import { createContext } from "preact";
import { useContext } from "preact/hooks";

/** Says in the page's live region what has happened. */
export type Announce = (text: string) => void;

export const AnnounceContext = createContext<Announce>(() => {});

export function useAnnounce(): Announce {
  return useContext(AnnounceContext);
}
