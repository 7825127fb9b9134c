import type { Problem, View, ViewResource } from "@view-gateway/types";
import { useState } from "preact/hooks";
import { callApi } from "../api_client.ts";
import type { EditPage } from "../console_page.ts";
import { useAnnounce } from "../page/announce.ts";
import { ChangedMeanwhile } from "./changed_meanwhile.tsx";
import { FormFrame } from "./form_frame.tsx";
import { RestartOffer } from "./restart_offer.tsx";
import { ScriptlessNote } from "./scriptless_note.tsx";
import { type ForeignChange, foreignChanges, rebased } from "./spec_changes.ts";
import { patchOf } from "./spec_patch.ts";
import { useViewForm } from "./use_view_form.ts";
import { formOf } from "./view_form.ts";

/** A version of the view that the form is about. */
interface StoredVersion {
  readonly spec: View;
  readonly etag: string;
}

/** The form of a view that exists. */
export function EditForm({ page }: { readonly page: EditPage }) {
  const { view, limits, templates, origin, visitor, contact } = page;
  const { name } = view;
  const edit = useEdit(page);
  const { session, base, saved, newer } = edit;
  if (saved !== undefined) return <RestartOffer view={saved} contact={contact} />;
  const stored = { form: formOf(name, base.spec, limits.times), hasPod: view.phase !== "asleep" };
  return (
    <>
      <h1>Change {name}</h1>
      <ScriptlessNote origin={origin} needsToken={visitor !== undefined} name={name} />
      <FormFrame
        // What others have changed says more than the API's refusal.
        session={newer === undefined ? session : { ...session, problem: undefined }}
        setting={{ limits, templates: templates.items, origin, visitor, contact, stored }}
        onSubmit={edit.save}
        note={
          <>
            {newer !== undefined && <ChangedMeanwhile changes={newer.changes} onLoad={edit.loadNewer} />}
            {edit.isUntouched && <p class="hint" role="status">You have changed nothing yet.</p>}
          </>
        }
        buttons={
          <>
            <button type="submit" value="save" aria-disabled={session.isSending}>Save the changes</button>
            <a href={`/views/${name}`}>Cancel</a>
          </>
        }
      />
    </>
  );
}

function useEdit({ view, etag, limits: { times }, limits }: EditPage) {
  const { name } = view;
  const announce = useAnnounce();
  const [base, setBase] = useState<StoredVersion>({ spec: specIn(view), etag });
  const session = useViewForm(formOf(name, base.spec, times), limits);
  const [newer, setNewer] = useState<StoredVersion & { readonly changes: readonly ForeignChange[] }>();
  const [saved, setSaved] = useState<ViewResource>();
  const [isUntouched, setUntouched] = useState(false);

  const send = (version: StoredVersion) =>
    callApi<ViewResource>("PATCH", `/_api/views/${name}`, {
      body: patchOf(version.spec, session.form, times),
      headers: { "if-match": version.etag },
    });
  /** Somebody else was first: finds out what they have changed. */
  const compare = async (refusal: Problem) => {
    const read = await callApi<ViewResource>("GET", `/_api/views/${name}`);
    if ("problem" in read) return read;
    const latest = { spec: specIn(read.value), etag: read.etag ?? "*" };
    const changes = foreignChanges(session.form, base.spec, latest.spec, times);
    // The version is another, and what it says is the same.
    if (changes.length === 0) return await send({ ...base, etag: latest.etag });
    setNewer({ ...latest, changes });
    return { problem: refusal };
  };
  const save = async () => {
    setNewer(undefined);
    const isSame = Object.keys(patchOf(base.spec, session.form, times)).length === 0;
    setUntouched(isSame);
    if (isSame) return;
    const sent = await session.send(async () => {
      const reply = await send(base);
      return "problem" in reply && reply.problem.status === 412 ? await compare(reply.problem) : reply;
    });
    if (sent === undefined) return;
    announce(`View ${name} is changed.`);
    if (sent.value.restartNeeded === undefined) location.assign(`/views/${name}`);
    setSaved(sent.value);
  };
  const loadNewer = () => {
    session.change(rebased(session.form, base.spec, newer!.spec, times));
    session.showProblem(undefined);
    setBase(newer!);
    setNewer(undefined);
    announce("The new version is loaded. What you have changed is still there. Look at it, then save.");
  };
  return { session, base, newer, saved, isUntouched, save, loadNewer };
}

/** The members of the spec in the API's answer. */
function specIn(
  { subsets = [], template, idleSeconds, maxLifetimeSeconds, access, public: isPublic }: ViewResource,
): View {
  return {
    subsets,
    ...template !== undefined && { template },
    ...idleSeconds !== undefined && { idleSeconds },
    ...maxLifetimeSeconds !== undefined && { maxLifetimeSeconds },
    ...access !== undefined && { access },
    ...isPublic !== undefined && { public: isPublic },
  };
}
