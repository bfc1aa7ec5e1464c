// Draws one figure at many branches: small pictures on one scale, each a link to the figure of its branch.

export default function (component) {
  const { data, parentElement, setTriggerValue } = component
  const root = parentElement.querySelector(".strips"), { cards, least, most } = data.strips
  const focused = root.querySelector(":focus")?.dataset?.at
  root.replaceChildren(...cards.map(card => {
    const query = new URLSearchParams(data.address)
    query.set("branch", card.code)
    query.set("metric", card.key)
    const link = el("a", { href: `metric?${query}`, "aria-label": `${card.branch}. ${card.label}`, "data-at": card.code },
      el("span", { class: "name" }, card.branch),
      el("span", { class: "figure" }, el("b", {}, card.number ? `${card.more ? "> " : ""}${card.number} ${card.unit}` : ""), [card.at, card.behind].filter(Boolean).join(" · ")),
      el("span", { class: "spark" }, spark({ ...card.spark, least, most })),
      el("span", { class: `state ${card.state.tone}` }, shape(card.state.shape), card.state.words),
      el("span", { class: `aim ${card.aim.tone}` }, card.aim.shape ? shape(card.aim.shape) : "", card.aim.words))
    link.onclick = event => {
      if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return
      event.preventDefault()
      setTriggerValue("open", { page: "metric", branch: card.code, metric: card.key })
    }
    return el("li", {}, link)
  }))
  if (focused) root.querySelector(`[data-at="${CSS.escape(focused)}"]`)?.focus()
}
