import { envoy } from "../gen/envoy.js";
import type { Contact } from "../page/contact.ts";
import { noticePage } from "../page/notice_page.ts";
import type { LocalReply } from "./local_reply_problems.ts";

type Filter = envoy.config.accesslog.v3.IAccessLogFilter;
type Matcher = envoy.config.route.v3.IHeaderMatcher;

/** Seconds after which a browser reloads the page of a temporary failure. */
const REFRESH = 5;

/** The body of a local reply for a person in front of a browser. */
export function pageFormat(
  { title, detail, retryable }: Pick<LocalReply, "title" | "detail" | "retryable">,
  contact?: Contact,
): envoy.config.core.v3.ISubstitutionFormatString {
  // Envoy replaces a name between two percent signs. Any other percent sign is written twice.
  const operators: string[] = [];
  // No text of a page has a control character.
  const text = detail.replaceAll(/%[A-Z_]+(\([^)]*\))?%/g, (operator) => `\0${operators.push(operator)}\0`);
  const page = noticePage({ title, text, contact, refresh: retryable ? REFRESH : undefined });
  const inlineString = page.html.replaceAll("%", "%%").replaceAll(/\0(\d+)\0/g, (_, at) => operators[at - 1]!);
  return { textFormatSource: { inlineString }, contentType: "text/html; charset=utf-8" };
}

/** The headers of a page. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy": noticePage({ title: "", text: "" }).contentSecurityPolicy,
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
};

/** Matches a browser's navigation, as http/navigation.ts does and as far as Envoy can. */
export const NAVIGATION: Filter = allOf(
  header(":method", { safeRegex: { regex: "GET|HEAD" } }),
  {
    orFilter: {
      filters: [
        allOf(
          header("sec-fetch-mode", { exact: "navigate" }),
          header("sec-fetch-dest", { exact: "document" }),
          header("accept", { contains: "text/html" }),
        ),
        allOf(
          { headerFilter: { header: { name: "sec-fetch-mode", presentMatch: true, invertMatch: true } } },
          header("user-agent", { prefix: "Mozilla/" }),
          header("accept", { prefix: "text/html" }),
        ),
      ],
    },
  },
);

export function allOf(...filters: readonly Filter[]): Filter {
  return { andFilter: { filters } };
}

function header(name: string, stringMatch: Matcher["stringMatch"]): Filter {
  return { headerFilter: { header: { name, stringMatch } } };
}
