// Draws the lists of exceptions: the names of the lists, one list as rows (cards on a phone), who owns how many that are open.
// A row is a link; arrows go from row to row, Enter opens.

function linked(address, more, open, attributes, ...children) {
  const query = new URLSearchParams(address)
  for (const [name, value] of Object.entries(more)) query.set(name, value)
  const link = el("a", { href: `exceptions?${query}`, ...attributes }, ...children)
  link.onclick = event => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return
    event.preventDefault()
    open(more)
  }
  return link
}

const FIRST = 16 // rows that fill a screen: drawn at once, the others when these are painted

const cell = (name, label, ...children) => el("span", { class: `cell ${name}` }, el("span", { class: "label" }, label), ...children)

function row(one, data, open) {
  const used = el("span", { class: "used" }), mark = el("span", {}), age = el("span"), due = el("span", {})
  const link = linked(data.address, { case: one.case }, open, { class: "row", "data-key": one.case },
    cell("what", "Exception", el("b", {}, one.type), one.critical ? el("span", { class: "critical" }, shape("up"), "mission-critical") : "",
      el("span", { class: "no" }, data.many ? `${one.no} · ${one.branch}` : one.no)),
    cell("whom", "Customer", el("span", {}, one.customer || "no customer named"), ...one.about.map(it => el("span", { class: "no" }, it))),
    cell("handoff", "Handoff", one.handoff || "–"),
    cell("owner", "Owner", one.owner || "nobody"),
    cell("ours", "Our clock", mark, used),
    cell("theirs", "Customer’s clock", age),
    cell("update", "Next update", one.update === null ? "–" : due),
    cell("next", "What comes next", one.next))
  const tick = t => {
    const said = against(one.clock, data.hours, t)
    setMarked(mark, said)
    set(used, one.clock.standard === null ? workingSpan(said.used) : `${workingSpan(said.used)} of ${workingSpan(one.clock.standard)}`)
    set(age, calendarSpan(theirs(one.clock, t)))
    if (one.update !== null) setMarked(due, update(one.update, t))
  }
  return { link, tick }
}

function step(event) {
  const way = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  if (!way || !event.target.classList.contains("row")) return
  const all = [...event.currentTarget.querySelectorAll(".row")], next = all[all.indexOf(event.target) + way]
  if (next) { event.preventDefault(); next.focus() }
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component
  const root = parentElement.querySelector(".cases"), open = more => setTriggerValue("open", more)
  const focused = root.querySelector(":focus")?.dataset?.key
  const lists = el("nav", { class: "lists", "aria-label": "Lists" }, ...data.lists.map(one =>
    linked(data.address, { list: one.key }, open, { "data-key": `list ${one.key}`, "aria-current": one.key === data.key && data.owner === null ? "true" : null,
      class: one.n === 0 ? "none" : null }, one.name, " ", one.n === null ? "" : el("span", { class: "n" }, one.n.toLocaleString("en-US")))))
  const owners = data.owners.length ? el("nav", { class: "owners", "aria-label": "Open by owner" }, el("span", { class: "label" }, "Open by owner"), ...data.owners.map(one =>
    linked(data.address, one.owner === data.owner ? { list: "open" } : { owner: one.owner }, open, { "data-key": `owner ${one.owner}`, "aria-current": one.owner === data.owner ? "true" : null },
      one.name, " ", el("span", { class: "n" }, one.n.toLocaleString("en-US"))))) : ""
  const rows = [], ul = el("ul", {})
  const add = some => {
    const added = some.map(one => row(one, data, open))
    rows.push(...added)
    ul.append(...added.map(one => el("li", {}, one.link)))
    return added
  }
  const first = Math.max(FIRST, data.rows.findIndex(one => one.case === focused) + 1)
  add(data.rows.slice(0, first))
  const heads = ["Exception", "Customer", "Handoff", "Owner", "Our clock", "Customer’s clock", "Next update", "What comes next"]
  const list = rows.length
    ? el("div", { class: "list" }, el("div", { class: "heads", "aria-hidden": "true" }, ...heads.map(one => el("span", {}, one))),
      ul)
    : el("p", { class: "empty" }, data.empty)
  list.addEventListener("keydown", step)
  root.replaceChildren(lists, owners, list, data.more.says ? el("p", { class: "more" }, data.more.says, " ",
    data.more.rest ? linked(data.address, { list: data.key, rows: "all" }, open, { "data-key": "rest" }, data.more.rest) : "") : "")
  if (focused) root.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus()
  let moment
  const stop = ticking(root, data.now, t => { moment = t; rows.forEach(one => one.tick(t)) })
  const callOff = afterPaint(() => add(data.rows.slice(first)).forEach(one => one.tick(moment)))
  return () => { stop(); callOff() }
}
