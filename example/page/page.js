const uptime = document.querySelector("#uptime");
const started = Date.parse(uptime.dataset.started);

/** The two largest units: "3 min 20 s". */
function duration(seconds) {
  const units = [
    [Math.floor(seconds / 86400), "d"],
    [Math.floor(seconds / 3600) % 24, "h"],
    [Math.floor(seconds / 60) % 60, "min"],
    [seconds % 60, "s"],
  ];
  const first = units.findIndex(([count]) => count > 0);
  const shown = first < 0 ? units.slice(-1) : units.slice(first, first + 2);
  return shown.map(([count, unit]) => `${count} ${unit}`).join(" ");
}

function show() {
  uptime.textContent = duration(
    Math.max(0, Math.floor((Date.now() - started) / 1000)),
  );
}

const format = { dateStyle: "medium", timeStyle: "medium" };
document.querySelector("#started").textContent = new Date(started)
  .toLocaleString(undefined, format);
show();
setInterval(show, 1000);
