import type { ComponentChildren } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { takeMessage } from "../browser/carried_message.ts";
import { ClockContext, ConsoleClock } from "../browser/clock.ts";
import type { ConsolePage, Visitor } from "../console_page.ts";
import { AnnounceContext } from "./announce.ts";
import { ContactLink } from "./contact_link.tsx";

/** A browser with scripts reads the content of the element as text, so it is none of the components. */
const NO_SCRIPT = {
  __html: '<p class="warning">You can read these pages without JavaScript. To change something, allow it.</p>',
};

interface ShellProps {
  readonly page: ConsolePage;
  readonly children: ComponentChildren;
}

/** What surrounds each page. */
export function Shell({ page, children }: ShellProps) {
  const [said, say] = useState("");
  const { visitor, contact, origin, now } = page;
  const clock = useMemo(() => new ConsoleClock(now), []);
  const [message, setMessage] = useState<string>();
  useEffect(() => setMessage(takeMessage()), []);
  return (
    <AnnounceContext.Provider value={say}>
      <ClockContext.Provider value={clock}>
        <a class="skip" href="#main">Skip to the content</a>
        <header class="head">
          <a class="brand" href="/">
            <b>View gateway</b> <small>{origin.replace(/^https?:\/\//, "")}</small>
          </a>
          <nav aria-label="Console">
            <NavLink to="/" page={page} name="list">Views</NavLink>
            <NavLink to="/new" page={page} name="new">New view</NavLink>
            <a href="/_api/openapi.json">API description</a>
          </nav>
          {visitor !== undefined && <SignedIn visitor={visitor} />}
        </header>
        {visitor === undefined && (
          <section class="warning" aria-label="Warning">
            Everybody who reaches this gateway may create, open and delete all views: <code>AUTHENTICATION</code> is
            {" "}
            <code>none</code>.
          </section>
        )}
        <noscript dangerouslySetInnerHTML={NO_SCRIPT} />
        <main id="main" tabIndex={-1}>
          {/* The element is there before its text, so that a screen reader says it. */}
          <div role="status">{message !== undefined && <p class="message-of-page">{message}</p>}</div>
          {children}
        </main>
        <footer class="foot">
          {contact !== undefined && (
            <p>
              For help, ask <ContactLink contact={contact} />.
            </p>
          )}
        </footer>
        <p id="said" role="status" aria-live="polite">{said}</p>
      </ClockContext.Provider>
    </AnnounceContext.Provider>
  );
}

interface NavLinkProps {
  readonly to: string;
  readonly page: ConsolePage;
  readonly name: ConsolePage["page"];
  readonly children: ComponentChildren;
}

function NavLink({ to, page, name, children }: NavLinkProps) {
  return <a href={to} {...page.page === name && { "aria-current": "page" }}>{children}</a>;
}

function SignedIn({ visitor: { user, email, canSignOut } }: { readonly visitor: Visitor }) {
  return (
    <form class="visitor" method="post" action="/_auth/sign-out">
      <span>
        Signed in as <b>{email ?? user}</b>
        {email !== undefined && <small>{user}</small>}
      </span>
      {canSignOut && <button type="submit" class="quiet">Sign out</button>}
    </form>
  );
}
