// One stop for Tab in each row of the timeline: arrows move within a row, and up and down between rows. Without this
// script every mark is a stop of its own, and nothing else changes.
"use strict";
for (const timeline of document.querySelectorAll(".timeline")) {
  const rows = [...timeline.querySelectorAll(".lane")]
    .map((lane) => [...lane.querySelectorAll("a.spot")]).filter((spots) => spots.length);
  rows.forEach((spots) => spots.forEach((spot, number) => spot.setAttribute("tabindex", number ? "-1" : "0")));
  const focus = (spots, spot) => {
    spots.forEach((each) => each.setAttribute("tabindex", each === spot ? "0" : "-1"));
    spot.focus();
  };
  timeline.addEventListener("keydown", (event) => {
    const row = rows.findIndex((spots) => spots.includes(document.activeElement));
    if (row < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const spots = rows[row], at = spots.indexOf(document.activeElement);
    const across = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: spots.length - 1 }[event.key];
    const down = { ArrowDown: row + 1, ArrowUp: row - 1 }[event.key];
    const next = across === undefined ? rows[down] : spots;
    if (!next) return;
    const spot = across === undefined ? next.find((each) => each.getAttribute("tabindex") === "0") : spots[across];
    event.preventDefault();
    if (spot) focus(next, spot);
  });
}
