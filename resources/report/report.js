// Filter, sort and search of the report's checks. Without it the page shows everything, unfolded.
"use strict";
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  const sheet = document.getElementById("checks");
  if (!sheet) return;
  const bodies = [...sheet.tBodies];
  const groups = bodies.filter((body) => body.dataset.table !== undefined);
  const empty = document.getElementById("none");
  const search = document.getElementById("search");
  const tables = document.getElementById("table");
  const chips = [...document.querySelectorAll(".chip")];
  const rows = groups.flatMap((body) => [...body.querySelectorAll("tr.check")]);
  const home = rows.map((row, place) => ({ row, more: row.nextElementSibling, place, body: row.parentElement }));
  const text = new Map(home.map((one) => [one.row, (one.row.textContent + " " + one.more.textContent).toLowerCase()]));
  const loose = document.createElement("tbody");
  let sorted = null;

  const wanted = (row) => {
    const chip = chips.find((one) => one.getAttribute("aria-pressed") === "true");
    const filter = chip ? chip.dataset.filter : "all";
    if (filter === "look" && row.dataset.look !== "yes") return false;
    if (filter !== "look" && filter !== "all" && row.dataset.category !== filter) return false;
    if (tables.value && row.dataset.table !== tables.value) return false;
    return search.value.toLowerCase().split(/\s+/).every((word) => text.get(row).includes(word));
  };

  const show = () => {
    let count = 0;
    for (const { row, more } of home) {
      const inside = wanted(row);
      count += inside;
      row.classList.toggle("out", !inside);
      more.classList.toggle("out", !inside);
    }
    for (const body of groups) {
      body.classList.toggle("out", sorted !== null || !body.querySelector("tr.check:not(.out)"));
    }
    empty.classList.toggle("out", count > 0);
    document.getElementById("count").textContent = `${count.toLocaleString("en")} of ${home.length.toLocaleString("en")} shown`;
  };

  const key = (row, column) => {
    const cell = row.cells[column];
    const value = cell.dataset.sort ?? cell.textContent.trim().toLowerCase();
    return cell.dataset.sort !== undefined ? Number(value) : value;
  };

  const order = (column, way) => {
    const ranked = [...home];
    if (way !== 0) {
      ranked.sort((one, two) => {
        const a = key(one.row, column), b = key(two.row, column);
        return way * (a < b ? -1 : a > b ? 1 : 0) || one.place - two.place;
      });
      sheet.append(loose);
    } else {
      loose.remove();
    }
    sorted = way === 0 ? null : column;
    for (const one of ranked) (way === 0 ? one.body : loose).append(one.row, one.more);
    sheet.append(empty);
    show();
  };

  sheet.tHead.addEventListener("click", (event) => {
    const head = event.target.closest("th");
    if (!head || !event.target.closest("button")) return;
    const before = head.getAttribute("aria-sort");
    const first = head.classList.contains("number") || head.cellIndex === 0 ? "descending" : "ascending";
    const second = first === "descending" ? "ascending" : "descending";
    const now = before === null ? first : before === first ? second : null;
    for (const other of head.parentElement.cells) other.removeAttribute("aria-sort");
    if (now) head.setAttribute("aria-sort", now);
    order(head.cellIndex, now === null ? 0 : now === "ascending" ? 1 : -1);
  });

  const toggle = (row, open) => {
    row.classList.toggle("open", open);
    row.querySelector("button").setAttribute("aria-expanded", String(row.classList.contains("open")));
  };
  sheet.addEventListener("click", (event) => {
    const row = event.target.closest("tr.check");
    if (row && !String(getSelection())) toggle(row);
  });

  for (const chip of chips) {
    chip.addEventListener("click", () => {
      for (const other of chips) other.setAttribute("aria-pressed", String(other === chip));
      show();
    });
  }
  search.addEventListener("input", show);
  tables.addEventListener("change", show);
  for (const link of document.querySelectorAll("a[data-table]")) {
    link.addEventListener("click", () => {
      tables.value = link.dataset.table;
      for (const chip of chips) chip.setAttribute("aria-pressed", String(chip.dataset.filter === "all"));
      show();
    });
  }

  const opened = () => {
    const row = home.map((one) => one.row).find((one) => one.id && "#" + one.id === decodeURIComponent(location.hash));
    if (row) {
      for (const chip of chips) chip.setAttribute("aria-pressed", String(chip.dataset.filter === "all"));
      show();
      toggle(row, true);
      row.scrollIntoView({ block: "center" });
    }
  };
  show();
  opened();
  addEventListener("hashchange", opened);
})();
