import { equal } from "node:assert/strict";
import { hasViewCookie, withoutGatewayCookies } from "./gateway_cookies.ts";

Deno.test("a view gets its own cookies, and none of the gateway's", () => {
  equal(withoutGatewayCookies(null), undefined);
  equal(withoutGatewayCookies("a=1"), "a=1");
  equal(withoutGatewayCookies("__Host-view=x.y.z"), undefined);
  equal(withoutGatewayCookies("a=1; __Host-view=x; b=2; __Host-view=y"), "a=1; b=2");
  equal(withoutGatewayCookies("__Host-nonce=n;__Host-session=s;a=1;__Host-sign-in-7=t"), "a=1");
  equal(withoutGatewayCookies(" __Host-view =x; a=1"), "a=1");
});

Deno.test("a cookie whose name only resembles the gateway's is the view's", () => {
  const own = "x__Host-view=1; __Host-views=2; __host-view=3; a=__Host-view=4";
  equal(withoutGatewayCookies(own), own);
});

Deno.test("a cookie of the gateway's is found behind a comma, too: several Cookie headers may have become one", () => {
  equal(withoutGatewayCookies("a=1, __Host-view=x; b=2"), "b=2");
  equal(withoutGatewayCookies("__Host-view=x,a=1"), undefined);
  equal(withoutGatewayCookies("a=1,2; b=3, c=4"), "a=1,2; b=3, c=4");
});

Deno.test("the cookie that opens a view is seen wherever it stands", () => {
  equal(hasViewCookie("__Host-view="), true);
  equal(hasViewCookie("a=1;__Host-view=x"), true);
  equal(hasViewCookie("a=1; __Host-view=x"), true);
  equal(hasViewCookie("a=__Host-view=x; __Host-views=y"), false);
  equal(hasViewCookie(null), false);
});
