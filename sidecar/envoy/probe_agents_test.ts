import assert from "node:assert/strict";
import { schemas } from "@view-gateway/types";
import { Gateway } from "./testing/gateway.ts";
import { Pod } from "./testing/pod.ts";

const CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36";

/** User agents as the programs that they name send them. */
const PROBES = [
  "kube-probe/1.33",
  "GoogleHC/1.0",
  "ELB-HealthChecker/2.0",
  "Edge Health Probe",
  "Amazon-Route53-Health-Check-Service (ref 0a1b2c3d-1234-5678-9abc-def012345678; report http://amzn.to/1vsZADi)",
  `Mozilla/5.0 (X11; Linux x86_64) ${CHROME} CloudWatchSynthetics/arn:aws:synthetics:us-east-1:123456789012:canary:a`,
  "GoogleStackdriverMonitoring-UptimeChecks(https://cloud.google.com/monitoring)",
  "Prometheus/2.53.0",
  "Blackbox Exporter/0.25.0",
  "Uptime-Kuma/1.23.13",
  "Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)",
  `Better Uptime Bot Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${CHROME}`,
  `Better Stack Better Uptime Bot Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${CHROME}`,
  "Pingdom.com_bot_version_1.4_(http://www.pingdom.com/)",
  "Mozilla/5.0 (Windows NT 10.0; WOW64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/47.0.2526.111 (StatusCake)",
  "Datadog/Synthetics",
  `Mozilla/5.0 (X11; Linux x86_64) ${CHROME} DatadogSynthetics`,
  "Site24x7",
  "HetrixTools Uptime Monitoring Bot. https://hetrix.tools/uptime-monitoring-bot.html",
  "check_http/v2.3.5 (monitoring-plugins 2.3.5)",
  "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
  "Slackbot 1.0 (+https://api.slack.com/robots)",
  "Slack-ImgProxy (+https://api.slack.com/robots)",
  "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) AppleWebKit/601.2.4 (KHTML, like Gecko) Version/9.0.1 Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0",
  "Twitterbot/1.0",
  "LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)",
  "WhatsApp/2.23.20.0",
  "TelegramBot (like TwitterBot)",
  "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
  "Mattermost-Bot/1.1",
  "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5 skype-url-preview@microsoft.com",
  "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
  `Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm) Chrome/126.0.0.0 Safari/537.36`,
  "Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)",
  "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko); compatible; GPTBot/1.1; +https://openai.com/gptbot",
  "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)",
];

/** Somebody waits for these, or a program does that means it. */
const CLIENTS = [
  `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${CHROME}`,
  "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
  "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
  // Applications that show a page in a browser of their own.
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) AtomShell/3.4.1 Chrome/69.0.3497.128 Electron/4.1.3 Safari/537.36 Slack_SSB/3.4.1",
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_2) AppleWebKit/537.36 (KHTML, like Gecko) Slack/4.36.134 Chrome/120.0.6099.56 Electron/28.1.4 Safari/537.36 Sonic Slack_SSB/4.36.134",
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Mattermost/5.8.1 Chrome/124.0.0.0 Electron/30.0.9 Safari/537.36",
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Teams/1.6.00.4472 Chrome/96.0.4664.174 Electron/16.2.6 Safari/537.36",
  "Mozilla/5.0 (Windows NT 10.0; WOW64) AppleWebKit/537.36 (KHTML, like Gecko) discord/1.0.9035 Chrome/108.0.5359.215 Electron/22.3.26 Safari/537.36",
  "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 [FBAN/FBIOS;FBAV/468.0.0.32.109;FBDV/iPhone14,5]",
  "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 [LinkedInApp]/9.29.7",
  "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1 Twitter for iPhone/10.44",
  "Mozilla/5.0 (Linux; Android 13; SM-G991B) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0.0.0 Mobile Safari/537.36 Telegram-Android/11.3.3 (Samsung; SDK 33)",
  // A telephone of that make.
  "Mozilla/5.0 (Linux; Android 9; CUBOT NOTE 20) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/91.0.4472.120 Mobile Safari/537.36",
  // What measures or tests a page asks for the page.
  `Mozilla/5.0 (X11; Linux x86_64) ${CHROME} Chrome-Lighthouse`,
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/126.0.0.0 Safari/537.36",
  "curl/8.8.0",
  "Wget/1.24.5",
  "python-requests/2.32.3",
  "Go-http-client/1.1",
  "Apache-HttpClient/5.4 (Java/21)",
  "Grafana/11.1.0",
  "duckdb/v1.4.1(linux_amd64) cli",
  "",
];

Deno.test("by default what only looks is answered by the sidecar, in the spelling that it has; all else is the view's", async () => {
  const probeUserAgent = schemas.definitions.Config.properties.probeUserAgent.default;
  await using pod = await Pod.start("a");
  await using gateway = await Gateway.start({ settings: { probeUserAgent } });
  await gateway.view("hello", { serving: [pod.address] });
  const isProbe = async (agent: string) =>
    (await gateway.ask("hello.localhost", { headers: { "user-agent": agent } })).body === "sidecar GET /";

  for (const agent of PROBES) assert.equal(await isProbe(agent), true, agent);
  for (const agent of CLIENTS) assert.equal(await isProbe(agent), false, agent);
  assert.equal(pod.requests.length, CLIENTS.length);
});
