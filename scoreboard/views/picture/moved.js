// Draws how the triangle moved: a stretch for each state of a corner, a link for each week across all of them.
// The weeks run from left to right; where there is no room for them, from the newest down (moved.css).

function place(first, end, of) {
  return `--first:${first + 2};--end:${end + 2};--down:${of - end + 2};--up:${of - first + 2}`
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component
  const root = parentElement.querySelector(".moved"), { weeks, rows, picked } = data.strip
  const focused = root.querySelector(":focus")?.dataset?.week
  root.style.setProperty("--weeks", weeks.length)
  root.style.setProperty("--rows", rows.length)
  const heads = rows.map((row, i) => el("span", { class: "corner", style: `--row:${i + 2}`, "aria-hidden": "true" }, row.name))
  const runs = rows.flatMap((row, i) => row.runs.map(run => el("span", { class: `run ${run.tone}${run.end - run.first === 1 ? " brief" : ""}`, style: `--row:${i + 2};${place(run.first, run.end, weeks.length)}`, "aria-hidden": "true" },
    shape(run.shape), run.words)))
  const links = weeks.map((one, i) => {
    const address = new URLSearchParams(data.address)
    address.set("week", one.week)
    const link = el("a", { class: "week", style: place(i, i + 1, weeks.length), href: `?${address}`, "aria-label": one.said, title: one.said, "data-week": one.week,
      "aria-current": one.week === picked ? "true" : null }, el("span", {}, one.short))
    link.onclick = event => {
      if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return
      event.preventDefault()
      setTriggerValue("open", one.week)
    }
    return link
  })
  root.replaceChildren(el("span", { class: "corner first", "aria-hidden": "true" }, "Week"), ...heads, ...runs, ...links)
  if (focused) root.querySelector(`[data-week="${CSS.escape(focused)}"]`)?.focus()
}
