import { distance } from "fastest-levenshtein";

/** Most letters in which two words differ where one is a misspelling of the other. */
const MOST = 2;

/** The word that somebody meant who wrote another one; undefined where none is that near. */
export function closestWord(written: string, words: readonly string[]): string | undefined {
  const [best] = words
    .map((word) => ({ word, letters: distance(written.toLowerCase(), word.toLowerCase()) }))
    // Of a short word half would be another.
    .filter(({ word, letters }) => letters <= Math.min(MOST, Math.floor(word.length * 2 / 5)))
    .toSorted((a, b) => a.letters - b.letters);
  return best?.word;
}
