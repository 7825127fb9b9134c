import { basename, dirname, join } from "node:path/posix";
import { marked, type Token } from "marked";

/** A link of a document to a test: `[a part of its name](path/to/x_test.ts)`, or with the file's name as its text. */
export interface LinkedTest {
  /** From the repository's root. */
  readonly file: string;
  /** A part of the test's name, where `…` stands for anything; undefined for all tests of the file. */
  readonly name: string | undefined;
}

const TESTS = /_test\.ts$|^test\/e2e\/stories\/.*\.ts$/;

/** The tests that a document links to. @param path the document's path from the repository's root */
export function linkedTests(path: string, markdown: string): readonly LinkedTest[] {
  const found: LinkedTest[] = [];
  marked.walkTokens(marked.lexer(markdown), (token: Token) => {
    if (token.type !== "link") return;
    const file = join(dirname(path), token["href"]);
    if (!TESTS.test(file)) return;
    const text: string = token["raw"].slice(1, token["raw"].lastIndexOf("]("));
    found.push({ file, name: text === `\`${basename(file)}\`` ? undefined : text });
  });
  return found;
}

/** Whether one line of the file has this part of a test's name. */
export function hasTest(text: string, name: string): boolean {
  const pattern = name.split("…").map((part) => RegExp.escape(part.trim())).join(".*");
  return new RegExp(pattern).test(text);
}
