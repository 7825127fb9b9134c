import { Deadline } from "../async/deadline.ts";
import type { ViewState } from "../view/state.ts";
import type { ApiOptions } from "./api_options.ts";

/** Waits a moment for a write to appear in the snapshot, so that the next request finds it. */
export async function untilSettled(
  { views, settle = 2_000 }: Pick<ApiOptions, "views" | "settle">,
  name: string,
  appeared: (state: ViewState | undefined) => boolean,
): Promise<void> {
  using wait = new Deadline([], settle);
  await views.until(name, appeared, wait.signal).catch(() => undefined);
}
