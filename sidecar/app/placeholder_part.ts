import type { Kubernetes } from "../kubernetes/kubernetes.ts";
import { Placeholders } from "../launch/placeholders.ts";
import { logFault, logRelease } from "../telemetry/log_lines.ts";
import type { ViewState } from "../view/state.ts";
import type { AppContext } from "./context.ts";
import type { SidecarPart } from "./lifecycle.ts";

export interface PlaceholderPart extends SidecarPart {
  readonly placeholders: Placeholders;
}

export interface PlaceholderNeeds {
  readonly kubernetes: Kubernetes<ViewState>;
  /** Whether a request or a page waits for the view at this gateway. */
  readonly isAwaited: (view: string) => boolean;
}

/** Builds what releases placeholders that another gateway has left. */
export function placeholderPart(
  { time: { pause, random } }: AppContext,
  { kubernetes: { views, pods }, isAwaited }: PlaceholderNeeds,
): PlaceholderPart {
  const placeholders = new Placeholders({
    view: (name) => views.get(name),
    ...{ isAwaited, pods, pause, random },
    onRelease: logRelease,
    onFault: logFault,
  });
  views.subscribe((name) => placeholders.update(name));
  return { name: "placeholders", placeholders, stop: () => placeholders.stop() };
}
