import { deepEqual, ok } from "node:assert/strict";
import { type AlertRule, shippedAlerts } from "../../../scripts/deploy/shipped_alerts.ts";
import { ACCESS_STORIES } from "./testing/access_stories.ts";
import { type Story, tryStories } from "./testing/alert_story.ts";
import { GATEWAY_STORIES } from "./testing/gateway_stories.ts";
import { VIEW_STORIES } from "./testing/view_stories.ts";

const STORIES: Readonly<Record<string, readonly Story[]>> = { ...GATEWAY_STORIES, ...VIEW_STORIES, ...ACCESS_STORIES };

const nameOf = ({ alert, labels }: AlertRule) => `${alert} ${labels.severity}`;
const rules = (await shippedAlerts()).flatMap(({ rules }) => rules);

Deno.test("each alert has a story in which it fires, and one in which it just does not", () => {
  deepEqual(Object.keys(STORIES).toSorted(), rules.map(nameOf).toSorted());
  for (const [name, stories] of Object.entries(STORIES)) {
    ok(stories.some(({ fires }) => fires !== undefined), name);
    ok(stories.some(({ fires }) => fires === undefined), name);
  }
});

for (const rule of rules) {
  Deno.test(`${nameOf(rule)}: it fires, it does not fire just below, and it ends`, async () => {
    await tryStories(rule, STORIES[nameOf(rule)] ?? []);
  });
}
