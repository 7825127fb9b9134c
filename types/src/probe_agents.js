/**
 * User agents of programs that request a page while nobody waits for it. Each is a regular expression (RE2) that starts at
 * a word boundary, anywhere in the user agent. The browser inside an application, such as Slack's, does not match: only the
 * program that previews a link does.
 */
export const probeAgents = [
  // Kubernetes, load balancers
  "kube-probe/",
  "GoogleHC/",
  "ELB-HealthChecker/",
  "Edge Health Probe",
  // Monitors
  "Amazon-Route53-Health-Check-Service",
  "CloudWatchSynthetics/",
  "GoogleStackdriverMonitoring",
  "Prometheus/",
  "Blackbox Exporter/",
  "Uptime-Kuma/",
  "UptimeRobot/",
  "Better Uptime Bot",
  "Pingdom",
  "StatusCake",
  "Datadog/?Synthetics",
  "Site24x7",
  "HetrixTools",
  "check_http/",
  // Link previews
  "Slackbot",
  "Slack-ImgProxy",
  "facebookexternalhit/",
  "Twitterbot/",
  "LinkedInBot/",
  "TelegramBot",
  "Discordbot/",
  "Mattermost-Bot/",
  "SkypeUriPreview",
  // Crawlers
  "Googlebot",
  "bingbot/",
  "Applebot",
  "DuckDuckBot",
  "YandexBot/",
  "Baiduspider",
  "GPTBot/",
  "ClaudeBot/",
  "CCBot/",
  "AhrefsBot/",
  "SemrushBot",
  "Amazonbot/",
  "Bytespider",
];

/** These count only at the start of the user agent. */
const atTheStart = ["WhatsApp/"];

/** One regular expression that matches a whole user agent. */
export const probeAgentPattern = `(${atTheStart.join("|")}|.*\\b(${probeAgents.join("|")})).*`;
