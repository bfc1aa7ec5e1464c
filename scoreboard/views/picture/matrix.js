// Draws branches side by side: a row for each, a link in each cell. Of many rows only those in view are drawn; each has the same
// height, and what lies above and below keeps its room, so that the bar tells where one is. First come the rows that fill a screen;
// when these are painted, the others, or those around them.
const ALL_DRAWN = 60, AROUND = 12, FIRST = 12, AT_ONCE = 2

function opens(link, what, open) {
  link.onclick = event => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return
    event.preventDefault()
    open(what)
  }
  return link
}

function address(data, more) {
  const query = new URLSearchParams(data.address)
  for (const [name, value] of Object.entries(more)) query.set(name, value)
  return query
}

function said(cell, column, m) {
  const state = m.states[cell[4]], aim = m.aims[cell[5]]
  const figure = cell[0] ? `${cell[0]} ${cell[1]}, ${cell[2]}${cell[3] ? ` in ${cell[3].toLowerCase()}` : ""}` : "no figure"
  return [`${column.name}: ${figure}`, state[1], aim[1], cell[6]].filter(Boolean).join(". ") + "."
}

function cellOf(cell, i, branch, data, open) {
  const m = data.matrix, column = m.columns[i], state = m.states[cell[4]], aim = m.aims[cell[5]]
  const tone = ["concern", "improvement"].includes(state[2]) ? state[2] : aim[2] === "concern" ? "concern" : ""
  const link = el("a", { class: `cell ${tone}`, href: `metric?${address(data, { branch, week: m.week, metric: column.key })}`, "aria-label": said(cell, column, m),
    "data-at": `${branch}|${column.key}`, title: [state[1], aim[1], cell[6]].filter(Boolean).join(" · ") },
    cell[0] ? el("span", { class: `value${cell[3] || !cell[7] ? " old" : ""}` }, cell[0], el("span", { class: "unit" }, cell[1])) : "",
    cell[0] ? el("span", { class: "behind" }, cell[3] ? el("b", {}, `${cell[3]} · `) : "", cell[2]) : "",
    el("span", { class: `state ${state[2]}` }, shape(state[0]), state[1]),
    cell[0] || aim[0] ? el("span", { class: `aim ${aim[2]}` }, aim[0] ? shape(aim[0]) : "", aim[1]) : "",
    cell[6] ? el("span", { class: "remark" }, cell[6]) : "")
  return el("td", {}, opens(link, { page: "metric", branch, metric: column.key }, open))
}

function headOf(code, name, below, data, open) {
  const link = el("a", { href: `.?${address(data, { branch: code, week: data.matrix.week })}`, "data-at": code }, name)
  return el("th", { scope: "row" }, opens(link, { page: "", branch: code }, open), ...below)
}

function rowOf(row, at, data, open) {
  const need = { worse: ["down", "concern"], misses: ["miss", "concern"] }[row.need]
  const below = [el("span", { class: "about" }, [row.code === row.name ? "" : row.code, row.group].filter(Boolean).join(" · ")),
    need ? el("span", { class: `need ${need[1]}` }, shape(need[0]), data.matrix.needs[row.need]) : "",
    el("span", { class: `fresh${row.late ? " late" : ""}` }, row.late ? shape("gap") : "", row.fresh)]
  return el("tr", { "aria-rowindex": at + 2 + (data.matrix.together ? 1 : 0) }, headOf(row.code, row.name, below, data, open), ...row.cells.map((c, i) => cellOf(c, i, row.code, data, open)))
}

function tableOf(data, open) {
  const m = data.matrix
  const heads = m.columns.map(c => el("th", { scope: "col" }, el("span", { class: "name" }, c.name), el("span", { class: "about" }, c.about), el("span", { class: "reported" }, c.reported)))
  const together = m.together ? el("tr", { class: "together", "aria-rowindex": 2 },
    headOf(m.together.of, m.name, [el("span", { class: "about" }, "all branches together")], data, open),
    ...m.together.cells.map((c, i) => cellOf(c, i, m.together.of, data, open))) : null
  return el("table", { "aria-rowcount": m.rows.length + 1 + (together ? 1 : 0), style: `--columns:${m.columns.length}` },
    el("caption", { class: "hidden" }, `${m.name}, ${m.week_name}: figures by branch`),
    el("thead", {}, el("tr", { "aria-rowindex": 1 }, el("th", { scope: "col" }, "Branch"), ...heads)), together ? el("tbody", {}, together) : "", el("tbody", { class: "rows" }))
}

// Draws the rows of a screen; what it returns draws the rest.
function drawRows(root, data, focused, open) {
  const rows = data.matrix.rows, body = root.querySelector(".rows"), box = root.querySelector(".box")
  if (rows.length <= ALL_DRAWN) {
    const first = Math.max(FIRST, rows.findIndex(row => row.code === focused?.split("|")[0]) + 1)
    const made = (begin, end) => rows.slice(begin, end).map((row, i) => rowOf(row, begin + i, data, open))
    body.replaceChildren(...made(0, first))
    return () => body.append(...made(first))
  }
  root.classList.add("many")
  let first = -1, last = -1
  const height = parseFloat(getComputedStyle(root).getPropertyValue("--row")) * parseFloat(getComputedStyle(document.documentElement).fontSize)
  const room = pixels => el("tr", { class: "room", "aria-hidden": "true" }, el("td", { colspan: data.matrix.columns.length + 1, style: `height:${pixels}px` }))
  const draw = around => {
    const top = Math.max(0, Math.min(rows.length - 1, Math.floor((box.scrollTop - body.offsetTop) / height)))
    const begin = Math.max(0, top - around), end = Math.min(rows.length, top + Math.ceil(box.clientHeight / height) + around)
    if (first >= 0 && Math.abs(begin - first) < AROUND / 2 && Math.abs(end - last) < AROUND / 2) return
    const at = root.querySelector(":focus")?.dataset?.at
    first = begin
    last = end
    body.replaceChildren(room(begin * height), ...rows.slice(begin, end).map((row, i) => rowOf(row, begin + i, data, open)), room((rows.length - end) * height))
    if (at) body.querySelector(`[data-at="${CSS.escape(at)}"]`)?.focus({ preventScroll: true })
  }
  box.onscroll = () => draw(AROUND)
  draw(AT_ONCE)
  return () => new ResizeObserver(() => draw(AROUND)).observe(box) // which begins with the size there is
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component
  const root = parentElement.querySelector(".matrix"), m = data.matrix
  const open = what => setTriggerValue("open", what)
  const focused = root.querySelector(":focus")?.dataset?.at
  const kept = root.querySelector(".box"), left = kept?.scrollLeft ?? 0
  root.classList.remove("many")
  const box = el("div", { class: "box", tabindex: "0", role: "region", "aria-label": "Branches and their figures" }, tableOf(data, open))
  root.replaceChildren(
    el("p", { class: "where" }, el("b", {}, m.name), ` · ${m.span}`),
    el("h1", {}, m.headline), ...m.notes.map(([kind, said]) => el("p", { class: "once" }, kind ? shape(kind) : "", said)), m.rows.length ? box : "", el("p", { class: "hint" }, "More figures lie to the right: scroll sideways."))
  if (!m.rows.length) return
  const drawRest = drawRows(root, data, focused, open)
  if (left) box.scrollLeft = left
  root.classList.toggle("wide", box.scrollWidth > box.clientWidth + 1)
  if (focused) root.querySelector(`[data-at="${CSS.escape(focused)}"]`)?.focus()
  return afterPaint(drawRest)
}
