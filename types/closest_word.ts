import { distance } from "fastest-levenshtein";

/** Most letters by which a misspelling differs from its word. */
const MOST = 2;

/** The word of which this is probably a misspelling; undefined if there is none. */
export function closestWord(written: string, words: readonly string[]): string | undefined {
  const [best] = words
    .map((word) => ({ word, letters: distance(written.toLowerCase(), word.toLowerCase()) }))
    // Short words differ by fewer letters from other words.
    .filter(({ word, letters }) => letters <= Math.min(MOST, Math.floor(word.length * 2 / 5)))
    .toSorted((a, b) => a.letters - b.letters);
  return best?.word;
}
