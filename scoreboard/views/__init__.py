"""What the pages ask and show. Only this package knows Streamlit; pages are tables of contents over it.

frame      navigation, who is asking, one place where errors become sentences
asking     who is asking, of which data folder, at which moment
data       the questions about a board, each cached by the data version and by what the viewer sees
filters    branch, week and metric, kept in the address
told       a board as plain JSON with every word of it (`tiles`, `talk`); `picture` draws it, `exports.page` prints it
take_along what stands on a page, as files; `exporting` is the page Exports
parts      the pieces pages share: text that stays text, errors as sentences; `jobs` is work that outlives a click
figure     the Metric page
cases      the Exceptions page
load       the Load page
define     the Definitions page
serve      the server
"""
