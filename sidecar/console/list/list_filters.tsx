import { useRef } from "preact/hooks";
import type { Phase } from "@view-gateway/types";
import { useDelayed } from "../browser/use_delayed.ts";
import type { ListQuery } from "../console_page.ts";

interface ListFiltersProps {
  readonly query: ListQuery;
  /** Who has signed in. */
  readonly user: string | undefined;
  readonly onSearch: (query: ListQuery) => void;
}

const PHASES: readonly Phase[] = ["asleep", "starting", "awake", "failed"];

/** Which views the list shows. Without a script it is a form; with one, the list follows what the reader writes. */
export function ListFilters({ query, user, onSearch }: ListFiltersProps) {
  const form = useRef<HTMLFormElement>(null);
  const { later, now } = useDelayed(() => {
    if (form.current) onSearch(queryIn(form.current));
  });
  const { phase = "", owner = "", q = "" } = query;
  const submit = (event: Event) => {
    event.preventDefault();
    now();
  };
  return (
    <form ref={form} class="filters" method="get" action="/" role="search" autocomplete="off" onSubmit={submit}>
      <label>
        Name
        <input
          type="search"
          name="q"
          defaultValue={q}
          placeholder="Part of a name"
          onInput={later}
        />
      </label>
      <label>
        Phase
        <select name="phase" defaultValue={phase} onChange={now}>
          <option value="" selected={phase === ""}>All</option>
          {PHASES.map((name) => <option key={name} value={name} selected={phase === name}>{name}</option>)}
        </select>
      </label>
      <label>
        Owner
        <select name="owner" onChange={now}>
          <option value="" selected={owner === ""}>Everybody</option>
          {user !== undefined && <option value={user} selected={owner === user}>You</option>}
          {owner !== "" && owner !== user && <option value={owner} selected>{owner}</option>}
        </select>
      </label>
      <button type="submit" class="quiet">Search</button>
    </form>
  );
}

function queryIn(form: HTMLFormElement): ListQuery {
  const entries = [...new FormData(form)].filter(([, value]) => value !== "");
  return Object.fromEntries(entries) as ListQuery;
}
