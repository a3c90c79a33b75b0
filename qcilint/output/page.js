"use strict";
// The table: rows are data, shown as text only. The address after # holds the search, so that a view can be shared.
(() => {
  const STEP = 500, RULE = 1, FIX = 3;
  const rows = JSON.parse(document.getElementById("data").textContent);
  const texts = rows.map((row) => row.join(" ").toLowerCase());
  const [search, rule, fix, body, shown, more] = ["search", "rule", "fix", "rows", "shown", "more"].map((id) => document.getElementById(id));
  const collator = new Intl.Collator("en", { numeric: true });
  let sorted = null, descending = false, limit = STEP;

  const fill = (select, column) => {
    for (const value of [...new Set(rows.map((row) => row[column]))].filter(Boolean).sort()) {
      select.add(new Option(value, value));
    }
  };
  const matching = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const found = rows.filter((row, index) =>
      (!rule.value || row[RULE] === rule.value) && (!fix.value || row[FIX] === fix.value) &&
      words.every((word) => texts[index].includes(word)));
    if (sorted !== null) {
      found.sort((one, other) => collator.compare(one[sorted], other[sorted]) * (descending ? -1 : 1));
    }
    return found;
  };
  const show = () => {
    const found = matching();
    body.replaceChildren(...found.slice(0, limit).map((row) => {
      const line = document.createElement("tr");
      for (const cell of row) {
        line.insertCell().textContent = cell;
      }
      return line;
    }));
    shown.value = `${found.length} of ${rows.length}`;
    more.hidden = found.length <= limit;
  };
  const changed = () => {
    limit = STEP;
    const state = new URLSearchParams();
    for (const field of [search, rule, fix]) {
      if (field.value) {
        state.set(field.id, field.value);
      }
    }
    history.replaceState(null, "", `#${state}`);
    show();
  };
  const restore = () => {
    const state = new URLSearchParams(location.hash.slice(1));
    for (const field of [search, rule, fix]) {
      field.value = state.get(field.id) || "";
    }
    show();
  };

  fill(rule, RULE);
  fill(fix, FIX);
  for (const field of [search, rule, fix]) {
    field.addEventListener("input", changed);
  }
  more.addEventListener("click", () => { limit += STEP; show(); });
  document.querySelectorAll("th button").forEach((button, column) => button.addEventListener("click", () => {
    descending = sorted === column && !descending;
    sorted = column;
    show();
  }));
  addEventListener("hashchange", restore);
  restore();
})();
