import type { DetailsPage } from "../console_page.ts";

/** Who may open the view. */
export function AccessPart({ page: { view, isPublic, visitor } }: { readonly page: DetailsPage }) {
  const { access: { users = [], groups = [], everyone = false } = {}, owner } = view;
  return (
    <section aria-labelledby="access">
      <h2 id="access">Who may open it</h2>
      <ul class="who">
        {isPublic && (
          <li>
            <b>Everybody</b>, without signing in. Only its owner and people with a right in the cluster may change it.
          </li>
        )}
        {visitor === undefined && <li>Everybody who reaches this gateway</li>}
        {everyone && <li>Everybody who is signed in</li>}
        {owner !== undefined && (
          <li>
            Its owner, <bdi>{owner}</bdi>
          </li>
        )}
        {users.map((user) => (
          <li key={user}>
            User <bdi>{user}</bdi>
          </li>
        ))}
        {groups.map((group) => (
          <li key={group}>
            Group <bdi>{group}</bdi>
          </li>
        ))}
        {visitor !== undefined && <li>Users to whom Kubernetes' RBAC gives the right</li>}
      </ul>
      {view.public === true && !isPublic && (
        <p class="soft">Its spec says public, but this gateway does not allow public views.</p>
      )}
    </section>
  );
}
