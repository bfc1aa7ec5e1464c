// Draws the three clocks of one case. Each says what it counts; only ours is held against the standard.

function face(name, about) {
  const value = el("span", { class: "value" }), said = el("span", {}), hint = el("span", { class: "hint" })
  return { value, said, hint, node: el("div", { class: "face" }, el("h3", {}, name), value, said, hint, el("p", {}, about)) }
}

export default function (component) {
  const { data, parentElement } = component
  const root = parentElement.querySelector(".clocks"), c = data.clock
  const mine = face("Our clock", "Working time; it stops only while the customer has to move.")
  const their = face("Customer’s clock", "Since it was opened, nights and weekends too. It never stops.")
  const inner = face("Work clock", "Working time without waiting for customer, supplier or carrier.")
  root.replaceChildren(mine.node, their.node, inner.node)
  return ticking(root, data.now, t => {
    const said = against(c, data.hours, t), pause = pausedNow(c, t)
    set(mine.value, workingSpan(said.used))
    setMarked(mine.said, said)
    set(mine.hint, c.standard === null ? "" : `of ${workingSpan(c.standard)}`)
    set(their.value, calendarSpan(theirs(c, t)))
    set(inner.value, workingSpan(work(c, data.hours, t)))
    if (pause) setMarked(inner.said, { words: pause.says, shape: "dash", tone: "faint" })
    else inner.said.replaceChildren()
  })
}
