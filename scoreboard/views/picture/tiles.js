// Draws some tiles in a row, as they stand on the board.

export default function (component) {
  const { data, parentElement, setTriggerValue } = component
  const root = parentElement.querySelector(".body")
  const focused = root.querySelector(":focus")?.dataset?.key
  root.replaceChildren(...data.tiles.map(one => tile(one, data.address, what => setTriggerValue("open", what.metric))))
  if (focused) root.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus()
}
