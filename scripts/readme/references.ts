import { dirname, join, normalize } from "node:path/posix";
import { marked, type Token, type Tokens } from "marked";

/** What documents may refer to. */
export interface Repository {
  /** The tasks of deno.json. */
  readonly tasks: ReadonlySet<string>;
  /** The paths of all files, from the repository's root. */
  readonly files: ReadonlySet<string>;
  /** Names like `HOLD_SECONDS` that stand in the code. */
  readonly variables: ReadonlySet<string>;
}

/** What one document refers to. */
export interface References {
  /** Targets of links and pictures, such as `docs/LAKE.md#limits`, without those to other sites. */
  readonly links: readonly string[];
  readonly tasks: readonly string[];
  /** Paths in backticks, from the repository's root; `*` stands for a part of a name. */
  readonly paths: readonly string[];
  readonly variables: readonly string[];
}

const TASK = /\bdeno(?:@[\d.]+)? task ([a-z][a-z:-]*)/g;
const PATH = /^[\w.*-]+(?:\/[\w.*-]+)+\/?$|^[\w.-]+\/$/;
const SOURCE = /\.(?:ts|js|go|lua|yaml|css|md)$/;
const VARIABLE = /^([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)(?:=.*)?$/;

/** @param folders the folders at the repository's root: a path in backticks begins with one, or names a source file */
export function documentReferences(markdown: string, folders: ReadonlySet<string>): References {
  const links: string[] = [];
  const spans: string[] = [];
  const tasks = Array.from(markdown.matchAll(TASK), ([, task]) => task!);
  marked.walkTokens(marked.lexer(markdown), (token: Token) => {
    if ((token.type === "link" || token.type === "image") && !/^[a-z]+:/.test(token["href"])) links.push(token["href"]);
    if (token.type === "codespan") spans.push(token["text"]);
    if (token.type === "table") tasks.push(...tasksOfTable(token as Tokens.Table));
  });
  return {
    links,
    tasks,
    paths: spans.filter((span) => PATH.test(span) && (folders.has(span.split("/")[0]!) || SOURCE.test(span))),
    variables: spans.flatMap((span) => VARIABLE.exec(span)?.[1] ?? []),
  };
}

/** A table whose first column is called `task` has the tasks, with their arguments, in it. */
function tasksOfTable({ header, rows }: Tokens.Table): readonly string[] {
  if (header[0]?.text !== "task") return [];
  return rows.flatMap(([first]) =>
    first!.tokens.flatMap((token) => token.type === "codespan" ? [token["text"].split(" ")[0]!] : [])
  );
}

/** What documents refer to and is not there, as sentences. */
export function brokenReferences(documents: ReadonlyMap<string, string>, repository: Repository): readonly string[] {
  const folders = new Set(
    Array.from(repository.files).flatMap((file) => file.includes("/") ? file.split("/")[0]! : []),
  );
  const paths = new Set(Array.from(repository.files).flatMap(withFolders));
  return Array.from(documents).flatMap(([name, markdown]) => {
    const found = documentReferences(markdown, folders);
    const absent = [
      ...found.links.filter((link) => !linked(name, link, documents, paths)),
      ...found.tasks.filter((task) => !repository.tasks.has(task)).map((task) => `deno task ${task}`),
      ...found.paths.filter((path) => !exists(path, paths)),
      ...found.variables.filter((variable) => !repository.variables.has(variable)),
    ];
    return absent.map((one) => `${name} refers to ${one}, which does not exist`);
  });
}

function linked(
  from: string,
  link: string,
  documents: ReadonlyMap<string, string>,
  paths: ReadonlySet<string>,
): boolean {
  const [path, anchor] = link.split("#");
  const target = path === "" ? from : normalize(join(dirname(from), path!)).replace(/\/$/, "");
  if (!paths.has(target)) return false;
  return anchor === undefined || anchorsOf(documents.get(target) ?? "").has(anchor);
}

function exists(path: string, paths: ReadonlySet<string>): boolean {
  const wanted = path.replace(/\/$/, "");
  if (!wanted.includes("*")) return paths.has(wanted);
  const pattern = new RegExp(`^${wanted.split("*").map((part) => RegExp.escape(part)).join("[^/]*")}$`);
  return Array.from(paths).some((one) => pattern.test(one));
}

/** The anchors that GitHub gives to headings. */
function anchorsOf(markdown: string): ReadonlySet<string> {
  const headings = marked.lexer(markdown).filter((token): token is Tokens.Heading => token.type === "heading");
  return new Set(
    headings.map(({ text }) => text.toLowerCase().replace(/[^\p{L}\p{N}_ -]/gu, "").replaceAll(" ", "-")),
  );
}

/** `a`, `a/b` and `a/b/c.ts` of `a/b/c.ts`. */
function withFolders(file: string): readonly string[] {
  const parts = file.split("/");
  return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
}
