import type { DetailsPage } from "../console_page.ts";

/** What a running view does not have yet. */
export function RestartNote({ page: { view: { restartNeeded = [], owner }, may } }: { readonly page: DetailsPage }) {
  if (restartNeeded.length === 0) return null;
  return (
    <section class="warning" aria-label="Restart needed">
      <p>
        <b>Restart needed.</b> Its {restartNeeded.join(" and ")} {restartNeeded.length === 1 ? "has" : "have"}{" "}
        changed since its pod started. The pod keeps what it had until a restart, or until the view next wakes.{" "}
        {may.change ? "Press Restart: the pod finishes the requests that it has." : owner !== undefined && (
          <>
            Ask its owner, <bdi>{owner}</bdi>.
          </>
        )}
      </p>
    </section>
  );
}
