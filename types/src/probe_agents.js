/**
 * How programs name themselves that look at a page though nobody waits for it: by their own word, wherever in the user
 * agent it stands. Each is a regular expression (RE2) that begins where a word does. A browser in which an application
 * shows pages, such as Slack's, is another thing than what the application sends to preview a link.
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
  // Previews of links
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

/** Those that are what they say only where the user agent begins so. */
const atTheStart = ["WhatsApp/"];

/** All of them as one regular expression for the whole of a user agent. */
export const probeAgentPattern = `(${atTheStart.join("|")}|.*\\b(${probeAgents.join("|")})).*`;
