"use strict";
// The console without this file: every page can be read and every link works. It adds keys,
// selection, confirmation, charts and the switch of live updates.
(() => {
  const one = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const chosen = new Set(JSON.parse(sessionStorage.getItem(`chosen ${location.pathname}`) || "[]"));
  let live = sessionStorage.getItem("live") !== "off";
  let current = null;
  let going = false;

  const keep = () => sessionStorage.setItem(`chosen ${location.pathname}`, JSON.stringify([...chosen]));
  const rows = () => all("tr[data-id]");
  const mark = () => {
    for (const row of rows()) {
      row.classList.toggle("chosen", chosen.has(row.dataset.id));
      row.classList.toggle("current", row.dataset.id === current);
      const box = one("input[type=checkbox]", row);
      if (box) box.checked = chosen.has(row.dataset.id);
    }
  };
  const tell = (html) => { one("#message").innerHTML = html; };
  const plain = (text) => { const p = document.createElement("p"); p.className = "bad"; p.textContent = text; tell(p.outerHTML); };

  // --- acts
  const send = async (button, fields) => {
    button.disabled = true;
    try {
      const answer = await fetch(button.dataset.act, {
        method: "POST", headers: { "Content-Type": "application/x-www-form-urlencoded" },
        body: new URLSearchParams(fields).toString(),
      });
      tell(await answer.text());
      fault(button, answer);
      if (answer.ok) {
        const next = answer.headers.get("Fanmill-Next");
        if (next) { location.href = next; return; }
        for (const [name, value] of fields) if (name === "id") chosen.delete(value);
        keep(); mark(); refresh();
      }
    } catch (error) {
      plain("The console does not answer; nothing is known of the order.");
    } finally { button.disabled = false; }
  };
  // A refusal that names a field is told beside it, too.
  const fault = (button, answer) => {
    const form = button.dataset.form ? document.getElementById(button.dataset.form) : null;
    if (!form) return;
    for (const each of all(".fault-of-field", form)) each.remove();
    for (const each of all("[aria-invalid]", form)) each.removeAttribute("aria-invalid");
    const name = decodeURIComponent(answer.headers.get("Fanmill-Field") || "");
    const field = name && form.elements.namedItem(name);
    if (!field) return;
    const told = document.createElement("span");
    told.className = "fault-of-field"; told.id = "fault-of-field"; told.textContent = one("#message").textContent.trim();
    field.setAttribute("aria-invalid", "true");
    field.closest("p").append(told);
    field.focus();
  };
  const refresh = async () => {
    if (live && one("#contents").hasAttribute("hx-sse:connect")) return;
    const answer = await fetch(location.href, { headers: { "HX-Request": "true", "HX-Target": "contents" } });
    if (answer.ok) { one("#contents").innerHTML = await answer.text(); drawn(); }
  };
  const ask = (button) => {
    const section = button.closest("[data-table]");
    const fields = [];
    for (const each of Object.entries(button.dataset))
      if (!["act", "key", "confirm", "word", "form", "single"].includes(each[0])) fields.push(each);
    const form = button.dataset.form ? document.getElementById(button.dataset.form) : null;
    if (form) for (const each of new FormData(form)) fields.push(each);
    if (section && one("tr[data-id]", section) && !button.dataset.target && !button.dataset.single) {
      const ids = rows().filter((row) => section.contains(row) && chosen.has(row.dataset.id)).map((row) => row.dataset.id);
      if (!ids.length && current && section.contains(rows().find((row) => row.dataset.id === current) || null)) ids.push(current);
      for (const id of ids) fields.push(["id", id]);
      if (!ids.length) { plain("No row is selected: use the boxes, or j, k and x."); return; }
    }
    const { confirm, word } = button.dataset;
    if (!confirm && !word) { send(button, fields); return; }
    const dialog = one("#confirm");
    const number = fields.filter(([name]) => name === "id").length;
    one("#confirm-text").textContent = (number > 1 ? `${number} rows. ` : "") + (confirm || "");
    one("#confirm-word-row").hidden = !word;
    one("#confirm-word").textContent = word || "";
    one("#confirm-note").value = ""; one("#confirm-typed").value = "";
    one("#confirm-yes").onclick = () => {
      if (word && one("#confirm-typed").value !== word) { one("#confirm-typed").focus(); return; }
      dialog.close();
      const told = [["note", one("#confirm-note").value], ["word", one("#confirm-typed").value]];
      send(button, [...fields.filter(([name]) => name !== "note" && name !== "word"), ...told]);
    };
    one("#confirm-no").onclick = () => dialog.close();
    dialog.showModal();
    one(word ? "#confirm-typed" : "#confirm-note").focus();
  };

  // --- charts
  const drawn = () => {
    mark();
    for (const place of all(".chart[data-source]")) if (!place.dataset.drawn && window.uPlot) chart(place);
  };
  const chart = async (place) => {
    place.dataset.drawn = "yes";
    const answer = await fetch(place.dataset.source);
    if (!answer.ok) { place.textContent = "No history: the console does not answer."; return; }
    const data = await answer.json();
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue(name).trim();
    // All times of the console are in UTC.
    const utc = (at, begin, end) => new Date(at * 1000).toISOString().slice(begin, end).replace("T", " ");
    const named = (_, splits, __, ___, step) => splits.map((at) => step >= 86400 || utc(at, 11, 16) === "00:00" ? utc(at, 5, 10) : utc(at, 11, 16));
    const axis = { stroke: colour("--dim"), grid: { stroke: colour("--line"), width: 1 }, ticks: { stroke: colour("--line") } };
    place.textContent = "";
    const plot = new uPlot({
      width: place.clientWidth - 16, height: 210, legend: { live: true },
      series: [
        { label: "UTC", value: (_, at) => at == null ? "–" : utc(at, 0, 16) },
        { label: "in", stroke: colour("--dim"), width: 1.5 },
        { label: "completed", stroke: colour("--accent"), width: 1.5 },
        { label: "rejected", stroke: colour("--bad"), width: 1.5, dash: [6, 3] },
      ],
      tzDate: (at) => uPlot.tzDate(new Date(at * 1000), "Etc/UTC"),
      axes: [{ ...axis, values: named }, { ...axis, size: 60 }],
      scales: { y: { range: (_, low, high) => [0, Math.max(1, high * 1.05)] } },
    }, [data.times, data.received, data.completed, data.rejected], place);
    const drawing = new ResizeObserver(() => plot.setSize({ width: place.clientWidth - 16, height: 210 }));
    drawing.observe(place);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { drawing.disconnect(); chart(place); }, { once: true });
  };

  // --- live updates
  const button = one("#live");
  const show = () => {
    if (!button) return;
    button.setAttribute("aria-pressed", String(live));
    button.textContent = live ? "● live" : "○ paused";
  };
  const toggle = () => { live = !live; sessionStorage.setItem("live", live ? "on" : "off"); show(); };
  document.addEventListener("htmx:sse:before:message", (event) => {
    const typing = one("#contents").contains(document.activeElement) && /INPUT|TEXTAREA|SELECT/.test(document.activeElement.tagName) && document.activeElement.type !== "checkbox";
    if (!live || typing) { event.preventDefault(); event.detail.cancelled = true; }
  });
  document.addEventListener("htmx:after:swap", drawn);
  document.addEventListener("htmx:sse:after:message", drawn);
  document.addEventListener("htmx:sse:error", () => { if (button) button.textContent = "◌ connecting"; });
  document.addEventListener("htmx:sse:after:connection", show);

  // --- mouse
  document.addEventListener("click", (event) => {
    const act = event.target.closest("[data-act]");
    if (act) { ask(act); return; }
    if (event.target.closest("#keys")) one("#help").showModal();
    if (event.target.closest("#live")) toggle();
    const copy = event.target.closest("[data-copy]");
    if (copy) { navigator.clipboard.writeText(one(copy.dataset.copy).textContent); copy.textContent = "Copied"; }
  });
  document.addEventListener("change", (event) => {
    const box = event.target;
    if (box.matches("[data-all]")) {
      const section = box.closest("[data-table]");
      for (const row of rows().filter((each) => section.contains(each)))
        box.checked ? chosen.add(row.dataset.id) : chosen.delete(row.dataset.id);
    } else if (box.matches("tr[data-id] input[type=checkbox]")) {
      box.checked ? chosen.add(box.value) : chosen.delete(box.value);
    } else return;
    keep(); mark();
  });

  // --- suggestions of a filter: the last term is completed, what precedes it stays
  const offers = new Map(all("datalist").map((list) => [list.dataset.valuesOf ?? "", [...list.options].map((each) => [each.value, each.textContent])]));
  document.addEventListener("input", (event) => {
    const field = event.target;
    if (!field.matches("[data-suggest]")) return;
    const [, before, term] = /^((?:.*\s)?-?)(\S*)$/.exec(field.value);
    const key = term.includes(":") ? term.slice(0, term.indexOf(":")) : "";
    field.list.replaceChildren(...(offers.get(key) || []).map(([value, label]) => {
      const option = document.createElement("option");
      option.value = before + value; option.textContent = label;
      return option;
    }));
  });

  // --- keys
  const step = (by) => {
    const list = rows();
    if (!list.length) return;
    const at = list.findIndex((row) => row.dataset.id === current);
    const next = list[Math.min(list.length - 1, Math.max(0, at < 0 ? 0 : at + by))];
    current = next.dataset.id; mark(); next.scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || one("dialog[open]")) return;
    if (/INPUT|TEXTAREA|SELECT/.test(event.target.tagName) && event.target.type !== "checkbox") {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    const key = event.key;
    if (going) {
      going = false;
      const link = one(`nav a[data-key="${CSS.escape(key)}"]`);
      if (link) { event.preventDefault(); location.href = link.href; }
      return;
    }
    const row = rows().find((each) => each.dataset.id === current);
    if (key === "/") { const search = one("[data-search]"); if (search) { event.preventDefault(); search.focus(); } }
    else if (key === "?") one("#help").showModal();
    else if (key === "g") going = true;
    else if (key === "p") toggle();
    else if (key === "j") step(1);
    else if (key === "k") step(-1);
    else if (key === "x" && current) { chosen.has(current) ? chosen.delete(current) : chosen.add(current); keep(); mark(); }
    else if (key === "Enter" && row && row.dataset.link && !/BUTTON|A/.test(event.target.tagName)) location.href = row.dataset.link;
    else {
      const within = row ? row.closest("[data-table]") : document;
      const act = one(`[data-act][data-key="${CSS.escape(key)}"]`, within);
      if (act && getComputedStyle(act).display !== "none") { event.preventDefault(); ask(act); }
    }
  });
  one("nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  show(); drawn();
})();
