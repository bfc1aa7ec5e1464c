// The keys of a form: Enter in a line presses its button, and the first field has the focus when the form is opened.
// Streamlit has neither; the fields are its own, found by the key of the container they stand in.
const shown = {}

export default function (component) {
  const { form, opened, button } = component.data
  const inside = `.st-key-${form}`
  if (shown[form] !== opened) {
    shown[form] = opened
    const first = () => document.querySelector(`${inside} input:not([disabled]), ${inside} textarea`)
    const look = tries => first() ? first().focus() : tries && setTimeout(() => look(tries - 1), 50)
    look(40)
  }
  const press = event => {
    const line = event.target
    if (event.key !== "Enter" || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return
    if (!(line instanceof HTMLInputElement) || line.type === "checkbox" || line.getAttribute("role") === "combobox" || !line.closest(inside)) return
    line.blur() // hands its text over
    setTimeout(() => document.querySelector(`.st-key-${button} button`)?.click(), 0)
  }
  document.addEventListener("keydown", press)
  return () => document.removeEventListener("keydown", press)
}
