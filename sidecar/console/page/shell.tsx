import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { ConsolePage, Visitor } from "../console_page.ts";
import { AnnounceContext } from "./announce.ts";
import { ContactLink } from "./contact_link.tsx";

interface ShellProps {
  readonly page: ConsolePage;
  readonly children: ComponentChildren;
}

/** What surrounds each page. */
export function Shell({ page, children }: ShellProps) {
  const [said, say] = useState("");
  const { visitor, contact, origin } = page;
  return (
    <AnnounceContext.Provider value={say}>
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
        <p class="warning" role="note">
          Everybody who reaches this gateway may create, open and delete all views: <code>AUTHENTICATION</code> is{" "}
          <code>none</code>.
        </p>
      )}
      <noscript>
        <p class="warning">You can read these pages without JavaScript. To wake, change or delete a view, allow it.</p>
      </noscript>
      <main id="main" tabIndex={-1}>{children}</main>
      <footer class="foot">
        {contact !== undefined && (
          <p>
            For help, ask <ContactLink contact={contact} />.
          </p>
        )}
      </footer>
      <p id="said" role="status" aria-live="polite">{said}</p>
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
