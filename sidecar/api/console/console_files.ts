import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import consoleStyle from "../../console/console.css" with { type: "text" };
import formStyle from "../../console/form/form.css" with { type: "text" };
import listStyle from "../../console/list/list.css" with { type: "text" };
import viewStyle from "../../console/view/view.css" with { type: "text" };
import script from "../../gen/console.js" with { type: "text" };
import tokens from "../../page/browser/tokens.css" with { type: "text" };
import type { Context } from "hono";
import { problem, problemResponse } from "../../http/problem.ts";

/** A file that pages of the console load. Its name changes with its content, so that browsers may keep it. */
class ConsoleFile {
  readonly path: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #plain: Uint8Array<ArrayBuffer>;
  #compressed: Uint8Array<ArrayBuffer> | undefined;

  constructor(text: string, extension: "js" | "css", contentType: string) {
    this.#plain = new TextEncoder().encode(text);
    const digest = createHash("sha256").update(this.#plain).digest("hex").slice(0, 32);
    this.path = `/_console/${digest}.${extension}`;
    this.#headers = {
      "content-type": `${contentType}; charset=utf-8`,
      "cache-control": "public, max-age=31536000, immutable",
      "x-content-type-options": "nosniff",
      vary: "accept-encoding",
    };
  }

  answer(acceptEncoding: string | undefined): Response {
    if (!acceptsGzip(acceptEncoding)) return new Response(this.#plain, { headers: this.#headers });
    this.#compressed ??= Uint8Array.from(gzipSync(this.#plain, { level: 9 }));
    return new Response(this.#compressed, { headers: { ...this.#headers, "content-encoding": "gzip" } });
  }
}

const SCRIPT = new ConsoleFile(script, "js", "text/javascript");
const STYLE = new ConsoleFile([tokens, consoleStyle, listStyle, viewStyle, formStyle].join("\n"), "css", "text/css");

/** Where browsers get the console's script and its look. */
export const CONSOLE_FILES = { script: SCRIPT.path, style: STYLE.path };

/** Answers `GET /_console/*`. The files are public: they are the same for everybody, and tell nothing. */
export function answerConsoleFile(c: Context): Response {
  const file = [SCRIPT, STYLE].find(({ path }) => path === c.req.path);
  if (file !== undefined) return file.answer(c.req.header("accept-encoding"));
  const detail = `There is no file ${c.req.path} in this version of the gateway. Reload the page that needs it.`;
  return problemResponse(problem(404, "not-found", detail));
}

/** https://www.rfc-editor.org/rfc/rfc9110#name-accept-encoding */
export function acceptsGzip(acceptEncoding = ""): boolean {
  const codings = acceptEncoding.toLowerCase().split(",").map((coding) => coding.replaceAll(" ", "").split(";q="));
  const named = codings.find(([name]) => name === "gzip") ?? codings.find(([name]) => name === "*");
  return named !== undefined && Number(named[1] ?? 1) > 0;
}
