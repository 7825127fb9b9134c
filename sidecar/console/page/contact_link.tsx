import type { ContactPoint } from "../console_page.ts";

/** Whom to ask: a link where there is an address. */
export function ContactLink({ contact: { text, url } }: { readonly contact: ContactPoint }) {
  return url === undefined ? <bdi>{text}</bdi> : (
    <a href={url}>
      <bdi>{text}</bdi>
    </a>
  );
}
