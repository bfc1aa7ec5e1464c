// Looks at an element of the page, once for each time it was asked for: drawn again for another reason, it stays where it is.
let turn = 0

export default function (component) {
  const { data } = component
  if (data.turn === turn) return
  turn = data.turn
  requestAnimationFrame(() => {
    const found = document.querySelector(data.selector)
    if (!found) return
    if (found.tabIndex < 0) found.tabIndex = -1 // a heading takes the keyboard only when it is told to
    found.focus({ preventScroll: true })
    found.scrollIntoView({ block: found.matches("button") ? "center" : "start" })
  })
}
