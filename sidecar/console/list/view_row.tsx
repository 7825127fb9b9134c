import { Component } from "preact";
import type { ViewResource } from "@view-gateway/types";
import type { ListPage } from "../console_page.ts";
import { PhaseMark } from "../page/phase_mark.tsx";
import { agoText, untilText } from "../page/time_span.ts";
import { TimeText } from "../page/time_text.tsx";
import { listAddress } from "./list_address.ts";
import { RowActions } from "./row_actions.tsx";
import { rowRights } from "./row_rights.ts";
import { SubsetsText } from "./subsets_text.tsx";

export interface RowProps extends Pick<ListPage, "mayAll"> {
  readonly view: ViewResource;
  readonly visitor: ListPage["visitor"] | undefined;
  readonly contact: ListPage["contact"] | undefined;
  readonly onAnswer: (before: ViewResource, after: ViewResource | undefined) => void;
}

/** A row that renders again only when its view is another: an event of one view leaves the other rows alone. */
export class StableRow extends Component<RowProps> {
  override shouldComponentUpdate({ view, mayAll }: RowProps): boolean {
    return view !== this.props.view || mayAll.join() !== this.props.mayAll.join();
  }

  override render() {
    return <ViewRow {...this.props} />;
  }
}

/** A view in the list. On a narrow screen it is a card. */
function ViewRow({ view, visitor, contact, mayAll, onAnswer }: RowProps) {
  const hasSubsets = (view.subsets?.length ?? 0) > 0;
  const rights = rowRights(view, { ...visitor !== undefined && { visitor }, mayAll });
  return (
    <tr role="row">
      <th role="rowheader" scope="row" class="name">
        {rights.canSee ? <a href={`/views/${view.name}`}>{view.name}</a> : view.name}
        {view.public && <small class="badge">public</small>}
        {view.template !== undefined && <small class="of">{view.template}</small>}
      </th>
      <td role="cell" class="state">
        <div class="line">
          <PhaseMark phase={view.phase} />
          {view.start !== undefined && <small class="badge">{view.start}</small>}
        </div>
        {view.cause !== undefined && (
          <p class="cause">
            <b>{view.cause.reason}</b> {view.cause.message}
          </p>
        )}
        {view.restartNeeded !== undefined && (
          <p class="restart">Restart needed: {view.restartNeeded.join(" and ")} changed</p>
        )}
      </td>
      <td role="cell" class={hasSubsets ? "subsets" : "subsets none"} data-label="Subsets">
        <SubsetsText subsets={view.subsets} />
      </td>
      <td role="cell" class={view.owner === undefined ? "owner none" : "owner"} data-label="Owner">
        <OwnerText owner={view.owner} user={visitor?.user} />
      </td>
      <td role="cell" class="time" data-label="Time">
        <TimeOf view={view} />
      </td>
      <td role="cell" class="acts">
        <RowActions view={view} rights={rights} contact={contact} onAnswer={onAnswer} />
      </td>
    </tr>
  );
}

function OwnerText({ owner, user }: { readonly owner: string | undefined; readonly user: string | undefined }) {
  if (owner === undefined) return <>–</>;
  return (
    <a href={listAddress({ owner })} title={`All views of ${owner}`}>{owner === user ? "you" : <bdi>{owner}</bdi>}</a>
  );
}

/** The time that matters most: when it falls asleep, when somebody last used it, or since when it exists. */
function TimeOf({ view: { sleepsAt, lastRequestAt, createdAt } }: { readonly view: ViewResource }) {
  if (sleepsAt !== undefined) return <TimeText word="sleeps" at={sleepsAt} text={untilText} />;
  if (lastRequestAt !== undefined) return <TimeText word="used" at={lastRequestAt} text={agoText} />;
  return <TimeText word="created" at={createdAt} text={agoText} />;
}
